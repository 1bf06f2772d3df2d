using System.Runtime.CompilerServices;
using PricingCore.Snapshots;

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

    /// <summary>Events taken in by this process; wraps around. Not saved, and no decision reads it.</summary>
    public uint EventsSeen;

    /// <summary>Whether the region waits to have its row published.</summary>
    public bool IsRowOutdated;

    /// <summary>Whether the region has ever waited for that.</summary>
    public bool IsRowKnown;

    /// <summary>Whether <see cref="Residual"/> has been learned.</summary>
    public bool IsResidualKnown;

    /// <summary>Which shard's <see cref="RegionCopy"/> the region must go into before it changes, counted from 1; 0 for none. Not saved.</summary>
    public byte CopyDue;

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

    /// <summary>Writes everything, field by field: the gaps between fields hold whatever memory held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Save(StateWriter writer)
    {
        writer.Write(Minute);
        writer.Write(Hour);
        writer.Write(LastEventAt);
        writer.Write(LastBookingAt);
        writer.Write(LastSearchAt);
        writer.Write(AvailableUnits);
        writer.Write(BusyUnits);
        writer.Write(EventsSinceDecision);
        writer.Write(IsRowOutdated);
        writer.Write(IsRowKnown);
        writer.Write(IsResidualKnown);
        writer.Write(FirstHour);
        writer.Write(NextHourToLearn);
        writer.Write(WeekTotal);
        writer.Write(AvailableStockAt);
        writer.Write(BusyStockAt);
        writer.Write(AvailableStock);
        writer.Write(BusyStock);
        writer.Write(AverageFast);
        writer.Write(AverageSlow);
        writer.Write(Residual);
        writer.Write(HoursLearned);
        writer.Write(LastMultiplierSteps);
        writer.Write(MeanMultiplierSteps);
        External.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(StateReader reader)
    {
        Minute = reader.Read<long>();
        Hour = reader.Read<long>();
        LastEventAt = reader.Read<long>();
        LastBookingAt = reader.Read<long>();
        LastSearchAt = reader.Read<long>();
        AvailableUnits = reader.Read<int>();
        BusyUnits = reader.Read<int>();
        EventsSinceDecision = reader.Read<int>();
        IsRowOutdated = reader.ReadBool();
        IsRowKnown = reader.ReadBool();
        IsResidualKnown = reader.ReadBool();
        FirstHour = reader.Read<long>();
        NextHourToLearn = reader.Read<long>();
        WeekTotal = reader.Read<long>();
        AvailableStockAt = reader.Read<long>();
        BusyStockAt = reader.Read<long>();
        AvailableStock = reader.Read<float>();
        BusyStock = reader.Read<float>();
        AverageFast = reader.Read<float>();
        AverageSlow = reader.Read<float>();
        Residual = reader.Read<float>();
        HoursLearned = reader.Read<int>();
        LastMultiplierSteps = reader.Read<int>();
        MeanMultiplierSteps = reader.Read<float>();
        External.Load(reader);
    }
}
