using PricingCore.Events;

namespace PricingCore;

/// <summary>What an engine has counted since it started.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record EngineStatistics
{
    /// <summary>Events taken into the ring, duplicates included.</summary>
    public long Accepted { get; init; }

    /// <summary>Events that the loop has applied to the features.</summary>
    public long Applied { get; init; }

    /// <summary>Events dropped by the loop because their idempotency key was seen before.</summary>
    public long Duplicates { get; init; }

    /// <summary>Accepted events that happened before the minute they arrived in.</summary>
    public long Late { get; init; }

    /// <summary>Events refused, by reason.</summary>
    public IReadOnlyDictionary<Rejection, long> Rejected { get; init; } = new Dictionary<Rejection, long>();

    /// <summary>Decisions made.</summary>
    public long Decisions { get; init; }

    /// <summary>Decisions made from the baseline because the deployed forecaster had no valid answer.</summary>
    public long Fallbacks { get; init; }

    /// <summary>Decisions made from stale features.</summary>
    public long StaleDecisions { get; init; }

    /// <summary>Demand spikes detected.</summary>
    public long DemandSpikes { get; init; }

    /// <summary>Regions known.</summary>
    public int Regions { get; init; }

    /// <summary>Events applied by this process, by kind; kinds that have not come are left out.</summary>
    public IReadOnlyDictionary<MarketEventKind, long> AppliedByKind { get; init; } = new Dictionary<MarketEventKind, long>();

    /// <summary>How each loop stands, in the order of their numbers.</summary>
    public IReadOnlyList<LoopStatistics> Loops { get; init; } = [];

    /// <summary>Why the journal cannot be written at the moment; null when it can, or there is none.</summary>
    public string? JournalFailure { get; init; }

    /// <summary>Places taken in the audit log's queue: records that wait for the disk, and places reserved.</summary>
    public int AuditWaiting { get; init; }

    /// <summary>Places in the audit log's queue; 0 when there is no audit log.</summary>
    public int AuditCapacity { get; init; }

    /// <summary>Whether the audit log cannot be written at the moment: quotes and decisions are refused.</summary>
    public bool AuditIsFailing { get; init; }
}
