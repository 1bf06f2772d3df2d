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
}
