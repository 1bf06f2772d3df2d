namespace PricingCore.Features;

/// <summary>The few numbers of a region that the baseline forecast and the surge read, whatever the schema.</summary>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct RegionSignals
{
    /// <summary>Bookings in this minute and the 14 before it.</summary>
    public float Bookings15Min { get; init; }

    /// <summary>Bookings in the clock hour so far.</summary>
    public float BookingsThisHour { get; init; }

    /// <summary>Bookings in the clock hour before; not a number when the region was not known then.</summary>
    public float BookingsLastHour { get; init; }

    /// <summary>How much of the clock hour has passed, 0 to 1.</summary>
    public float HourPassed { get; init; }

    /// <summary>Usual bookings of the last clock hour; not a number when not known.</summary>
    public float UsualLastHour { get; init; }

    /// <summary>Usual bookings of this clock hour; not a number when not known.</summary>
    public float UsualThisHour { get; init; }

    /// <summary>Usual bookings of the next clock hour; not a number when not known.</summary>
    public float UsualNextHour { get; init; }

    /// <summary>Mean bookings an hour over the last week; not a number in the first hour.</summary>
    public float MeanPerHour { get; init; }

    /// <summary>Average of |bookings - usual| / sqrt(usual + 1); 0 before an hour is learned.</summary>
    public float Residual { get; init; }

    /// <summary>Hours that the profile has learned from, at most 168.</summary>
    public int HoursLearned { get; init; }

    /// <summary>Free units and stock.</summary>
    public float AvailableSupply { get; init; }

    /// <summary>Local hour of the day, 0 to 23.</summary>
    public int Hour { get; init; }

    /// <summary>The strongest city event near by, 0 to 1.</summary>
    public float NearbyEventScore { get; init; }

    /// <summary>How bad the weather is, 0 to 1.</summary>
    public float WeatherScore { get; init; }

    /// <summary>Mean multiplier of the neighbours in steps of 1/10,000; 0 when none has one.</summary>
    public int NeighbourMultiplierSteps { get; init; }
}
