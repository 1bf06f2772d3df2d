namespace PricingCore.Quality;

/// <summary>What has been measured of one region.</summary>
/// <remarks>
/// Written by the region's loop, read by anybody: each field is whole, and a reader may meet fields of two minutes, so it holds each result within
/// its range. The default value is a region that was never looked at; <see cref="Minute"/> is written last. Not saved: it is about this process.
/// </remarks>
internal struct RegionMeasures
{
    /// <summary>The minute since 1970 of the last look; 0 before the first.</summary>
    public long Minute;

    /// <summary>The time of the latest event.</summary>
    public long LastEventAt;

    /// <summary>Share of features that are there; not a number when none has ever been.</summary>
    public float Completeness;

    /// <summary>Events taken, and refused for what is wrong with them; fading.</summary>
    public float Accepted;
    public float Refused;

    /// <summary>Cross-checks that held, and that did not; fading.</summary>
    public float Held;
    public float Broken;

    /// <summary>Sums of |forecast - bookings| and of bookings; fading with each comparison.</summary>
    public float Error;
    public float Demand;
    public int Comparisons;

    // From here on only the loop reads.

    /// <summary>The counters at the last look.</summary>
    public uint EventsSeen;
    public int RefusedSeen;

    /// <summary>Whether a unit of supply was ever seen here.</summary>
    public bool HadUnits;

    /// <summary>The forecast that waits for what happens: the minute it was made in, 0 for none; what it expects; bookings of its clock hour by then.</summary>
    public long ForecastMinute;
    public float Expected;
    public float BookingsThen;
}
