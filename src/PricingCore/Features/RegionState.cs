namespace PricingCore.Features;

/// <summary>What the engine keeps of one region besides its windows, hours and profile.</summary>
/// <remarks>The default value is a region that has never been touched. Written by the one loop that holds the region.</remarks>
internal struct RegionState
{
    /// <summary>The minute since 1970 that the windows stand at; 0 when never touched.</summary>
    public long Minute;

    /// <summary>The clock hour since 1970 that is open.</summary>
    public long Hour;

    /// <summary>The first clock hour that the region was known in.</summary>
    public long FirstHour;

    /// <summary>The next clock hour for the profile to learn.</summary>
    public long NextHourToLearn;

    /// <summary>Bookings in the closed hours of the last week.</summary>
    public long WeekTotal;

    public long LastBookingAt;
    public long LastSearchAt;
    public long LastEventAt;

    public int AvailableUnits;
    public int BusyUnits;
    public float AvailableStock;
    public float BusyStock;
    public long AvailableStockAt;
    public long BusyStockAt;

    public float AverageFast;
    public float AverageSlow;

    public float Residual;
    public int HoursLearned;
    public bool IsResidualKnown;

    public ExternalState External;

    /// <summary>The last multiplier in steps; 0 before the first decision.</summary>
    public int LastMultiplierSteps;

    /// <summary>The average multiplier in steps.</summary>
    public float MeanMultiplierSteps;

    /// <summary>Events since the region's decisions were last made or dropped.</summary>
    public int EventsSinceDecision;

    /// <summary>Whether the region waits to have its row published.</summary>
    public bool IsRowOutdated;

    /// <summary>Whether the region has ever waited for that.</summary>
    public bool IsRowKnown;
}
