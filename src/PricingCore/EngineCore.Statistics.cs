using PricingCore.Events;

namespace PricingCore;

/// <content>What an operator looks at.</content>
internal sealed partial class EngineCore
{
    /// <summary>What was counted, and how things stand.</summary>
    /// <param name="now">The time of the clock, in microseconds; 0 where there is none, as in a replay.</param>
    public EngineStatistics ReadStatistics(long now = 0) => new()
    {
        Accepted = _shards.Sum(counters => counters.Applied + counters.Duplicates),
        Applied = _shards.Sum(counters => counters.Applied),
        Duplicates = _shards.Sum(counters => counters.Duplicates),
        Late = _shards.Sum(counters => counters.LateEvents),
        Decisions = _shards.Sum(counters => counters.Decisions),
        Fallbacks = _shards.Sum(counters => counters.Fallbacks),
        StaleDecisions = _shards.Sum(counters => counters.StaleDecisions),
        DemandSpikes = _shards.Sum(counters => counters.DemandSpikes),
        Regions = Regions.Count,
        Rejected = Enum.GetValues<Rejection>()
            .Where(reason => reason != Rejection.None && _gate.RejectedFor(reason) > 0)
            .ToDictionary(reason => reason, _gate.RejectedFor),
        AppliedByKind = Enum.GetValues<MarketEventKind>()
            .Select(kind => (Kind: kind, Count: _shards.Sum(counters => counters.ByKind[(byte)kind])))
            .Where(counted => counted.Count > 0)
            .ToDictionary(counted => counted.Kind, counted => counted.Count),
        Loops = [.. Enumerable.Range(0, _shards.Count).Select(number => ReadLoop(number, now))],
        JournalFailure = _journal?.Failure,
        AuditWaiting = _audit?.Log.Taken ?? 0,
        AuditCapacity = _audit is null ? 0 : _options.Audit.RingCapacity,
        AuditIsFailing = _audit?.Log.IsFailing == true,
    };

    private LoopStatistics ReadLoop(int number, long now)
    {
        Shard shard = _shards.At(number);
        int depth = shard.Ring.Count;
        long lastTick = shard.Counters.LastTick;
        return new LoopStatistics
        {
            RingDepth = depth,
            RingCapacity = shard.Ring.Capacity,
            Lag = depth == 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Math.Max(0, now - shard.Loop.Now)),
            TickAge = lastTick == 0 ? null : TimeSpan.FromMicroseconds(Math.Max(0, now - lastTick)),
            JournalWaiting = _journal?.Lanes[number]?.Waiting ?? 0,
            IsModelPaused = shard.Forecasts.IsPaused,
        };
    }
}
