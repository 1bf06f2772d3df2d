using System.Collections.Concurrent;
using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Bench.Rivals;

/// <summary>The naive engine cut down to one count of events in 1, 5 and 15 minutes: for scale only, since it does a fifth of the work.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class NaiveThreeWindows
{
    private readonly ConcurrentDictionary<string, State> _regions = new(StringComparer.Ordinal);

    public void Apply(in MarketEvent e, long now)
    {
        State state = _regions.GetOrAdd(e.RegionId, static _ => new State());
        long occurredAt = UnixMicros.From(e.OccurredAt);
        long minute = UnixMicros.MinuteOf(now);
        lock (state)
        {
            state.One.Add(occurredAt, minute);
            state.Five.Add(occurredAt, minute);
            state.Fifteen.Add(occurredAt, minute);
        }
    }

    private sealed class State
    {
        public NaiveTumblingWindow One { get; } = new(1);

        public NaiveTumblingWindow Five { get; } = new(5);

        public NaiveSlidingWindow Fifteen { get; } = new(15);
    }
}
