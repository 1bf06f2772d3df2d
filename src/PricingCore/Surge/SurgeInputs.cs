namespace PricingCore.Surge;

/// <summary>Everything a surge decision depends on besides the rule.</summary>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SurgeInputs
{
    /// <summary>How busy the region is forecast to be, 0 to 1.</summary>
    public double DemandScore { get; init; }

    /// <summary>Bookings expected within the shortest horizon; 0 or more.</summary>
    public double Demand { get; init; }

    /// <summary>Free units in the region; 0 or more.</summary>
    public double AvailableSupply { get; init; }

    /// <summary>Local hour of the region, 0 to 23.</summary>
    public int Hour { get; init; }

    /// <summary>The strongest city event near by, 0 to 1.</summary>
    public double NearbyEventScore { get; init; }

    /// <summary>How bad the weather is, 0 (fine) to 1 (storm).</summary>
    public double WeatherScore { get; init; }

    /// <summary>Mean multiplier of the neighbours in steps of 1/10,000; null when there are none yet.</summary>
    public int? NeighbourSteps { get; init; }

    /// <summary>The previous decision's multiplier in steps; null for the first.</summary>
    public int? PreviousSteps { get; init; }

    /// <summary>Microseconds since the previous decision; 0 or more.</summary>
    public long SincePreviousMicros { get; init; }

    /// <summary>A stable hash of the region, from which experiment arms are drawn.</summary>
    public ulong RegionHash { get; init; }

    /// <summary>Whether the features are too old to price on; then the rules alone decide.</summary>
    public bool IsStale { get; init; }
}
