using PricingCore.Snapshots;

namespace PricingCore;

/// <summary>What one loop has counted; written by the loop, read by anybody.</summary>
/// <remarks>Plain 64-bit fields: a reader may see a number that is a moment old, never a torn one.</remarks>
internal sealed class LoopCounters
{
    public long Applied { get; set; }

    public long Duplicates { get; set; }

    public long LateEvents { get; set; }

    public long Decisions { get; set; }

    public long Fallbacks { get; set; }

    public long StaleDecisions { get; set; }

    public long DemandSpikes { get; set; }

    /// <summary>The time of the last tick that was handled, in microseconds; 0 before the first. Not saved: it is about this process.</summary>
    public long LastTick { get; set; }

    /// <summary>Events applied since the process started, by the number of their kind. Not saved.</summary>
    public long[] ByKind { get; } = new long[256];

    /// <summary>Writes all that is saved.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Applied);
        writer.Write(Duplicates);
        writer.Write(LateEvents);
        writer.Write(Decisions);
        writer.Write(Fallbacks);
        writer.Write(StaleDecisions);
        writer.Write(DemandSpikes);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader)
    {
        Applied = reader.Read<long>();
        Duplicates = reader.Read<long>();
        LateEvents = reader.Read<long>();
        Decisions = reader.Read<long>();
        Fallbacks = reader.Read<long>();
        StaleDecisions = reader.Read<long>();
        DemandSpikes = reader.Read<long>();
    }
}
