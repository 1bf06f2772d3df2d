using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Load.Suites;

/// <summary>Deals out a stream in chunks that end where a second of event time ends, so that making events is outside what is timed.</summary>
internal sealed class EventFeed(MarketStream stream, int eventsPerSecond)
{
    public const int MaxChunk = 4_096;

    private readonly MarketEvent[] _events = new MarketEvent[MaxChunk];
    private readonly long[] _times = new long[MaxChunk];
    private readonly long _step = UnixMicros.PerSecond / eventsPerSecond;
    private long _number;
    private long _nextTick = MarketStream.StartMicros + UnixMicros.PerSecond;

    public long Now { get; private set; } = MarketStream.StartMicros;

    /// <summary>Whether a tick is due after the chunk.</summary>
    public bool IsTickDue { get; private set; }

    public ReadOnlySpan<MarketEvent> Events => _events.AsSpan(0, Count);

    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    public int Count { get; private set; }

    public void Next()
    {
        IsTickDue = false;
        for (Count = 0; Count < MaxChunk && !IsTickDue; Count++)
        {
            Now += _step;
            _events[Count] = stream.At(_number++, Now);
            _times[Count] = Now;
            IsTickDue = Now >= _nextTick;
        }

        _nextTick += IsTickDue ? UnixMicros.PerSecond : 0;
    }
}
