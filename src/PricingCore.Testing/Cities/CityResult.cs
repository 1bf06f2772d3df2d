namespace PricingCore.Testing.Cities;

/// <summary>What came of a simulated time, region by region.</summary>
/// <param name="Regions">The results, in the order of <see cref="City.Regions"/>.</param>
/// <param name="Events">Events published, history not among them.</param>
/// <param name="Redelivered">How many of these were bookings delivered a second time.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record CityResult(IReadOnlyList<CityRegionResult> Regions, long Events, long Redelivered)
{
    /// <summary>Searches in the whole city.</summary>
    public long Searches => Regions.Sum(region => region.Searches);

    /// <summary>Bookings in the whole city.</summary>
    public long Bookings => Regions.Sum(region => region.Bookings);

    /// <summary>Bookings that found a driver.</summary>
    public long Served => Regions.Sum(region => region.Served);

    /// <summary>Bookings cancelled because no driver came in time.</summary>
    public long Unserved => Regions.Sum(region => region.Unserved);

    /// <summary>Prices of the served bookings, in minor units.</summary>
    public long RevenueMinorUnits => Regions.Sum(region => region.RevenueMinorUnits);

    /// <summary>Mean minutes from booking to pick-up, over the served bookings; 0 when there are none.</summary>
    public double MeanWaitMinutes => Served == 0 ? 0 : Regions.Sum(region => region.WaitMinutes) / Served;
}

/// <summary>What came of a simulated time in one region.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record CityRegionResult
{
    /// <summary>The region.</summary>
    public required CityRegion Region { get; init; }

    /// <summary>Searches that began here; each saw a quote.</summary>
    public long Searches { get; init; }

    /// <summary>Bookings made here.</summary>
    public long Bookings { get; init; }

    /// <summary>Bookings that found a driver.</summary>
    public long Served { get; init; }

    /// <summary>Bookings cancelled because no driver came in time.</summary>
    public long Unserved { get; init; }

    /// <summary>Prices of the served bookings, in minor units.</summary>
    public long RevenueMinorUnits { get; init; }

    /// <summary>Minutes from booking to pick-up, summed over the served bookings.</summary>
    public double WaitMinutes { get; init; }

    /// <summary>Mean multiplier of the quotes that customers saw; 1 when there were none.</summary>
    public double MeanMultiplier { get; init; } = 1;

    /// <summary>Largest multiplier of the quotes that customers saw; 1 when there were none.</summary>
    public double MaxMultiplier { get; init; } = 1;
}
