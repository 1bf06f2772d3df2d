namespace PricingCore.Features;

/// <summary>What the engine keeps of one region besides its windows, hours and profile.</summary>
/// <remarks>The default value is a region that has never been touched. Written by the one loop that holds the region.</remarks>
internal struct RegionState
{
    // First what every event reads or writes: it fits in a cache line, and most of what follows is not touched by events.

    /// <summary>The minute since 1970 that the windows stand at; 0 when never touched.</summary>
    public long Minute;

    /// <summary>The clock hour since 1970 that is open.</summary>
    public long Hour;

    public long LastEventAt;
    public long LastBookingAt;
    public long LastSearchAt;

    public int AvailableUnits;
    public int BusyUnits;

    /// <summary>Events since the region's decisions were last made or dropped.</summary>
    public int EventsSinceDecision;

    /// <summary>Whether the region waits to have its row published.</summary>
    public bool IsRowOutdated;

    /// <summary>Whether the region has ever waited for that.</summary>
    public bool IsRowKnown;

    /// <summary>Whether <see cref="Residual"/> has been learned.</summary>
    public bool IsResidualKnown;

    /// <summary>The first clock hour that the region was known in.</summary>
    public long FirstHour;

    /// <summary>The next clock hour for the profile to learn.</summary>
    public long NextHourToLearn;

    /// <summary>Bookings in the closed hours of the last week.</summary>
    public long WeekTotal;

    public long AvailableStockAt;
    public long BusyStockAt;
    public float AvailableStock;
    public float BusyStock;

    /// <summary>Bookings a minute, the latest weighing 1/5.</summary>
    public float AverageFast;

    /// <summary>Bookings a minute, the latest weighing 1/60.</summary>
    public float AverageSlow;

    /// <summary>Average of |bookings - usual| / sqrt(usual + 1).</summary>
    public float Residual;
    public int HoursLearned;

    /// <summary>The last multiplier in steps; 0 before the first decision.</summary>
    public int LastMultiplierSteps;

    /// <summary>The average multiplier in steps.</summary>
    public float MeanMultiplierSteps;

    public ExternalState External;
}
