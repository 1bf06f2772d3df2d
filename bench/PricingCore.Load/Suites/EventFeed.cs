using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Load.Suites;

/// <summary>Deals out a stream in chunks that end where a second of event time ends, so that making events is outside what is timed.</summary>
/// <remarks>It looks at the ids on the way, so that they are in the cache as they are in a host that has just parsed them.</remarks>
/// <param name="stream">The stream.</param>
/// <param name="eventsPerSecond">Events in a second of event time; a divisor of 1,000,000.</param>
/// <param name="distinct">How many events there are before the first comes again.</param>
/// <param name="first">The number of the first.</param>
/// <param name="startMicros">When the first happens.</param>
internal sealed class EventFeed(MarketStream stream, int eventsPerSecond, int distinct = MarketStream.Distinct, int first = 0, long startMicros = MarketStream.StartMicros)
{
    public const int MaxChunk = 2_048;

    private readonly MarketEvent[] _events = new MarketEvent[MaxChunk];
    private readonly long[] _times = new long[MaxChunk];
    private readonly long _step = UnixMicros.PerSecond / eventsPerSecond;
    private long _number;
    private int _touched;
    private long _nextTick = startMicros + UnixMicros.PerSecond;

    public long Now { get; private set; } = startMicros;

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
            _events[Count] = stream.At(first + (_number++ % distinct), Now);
            Touch(_events[Count].RegionId);
            Touch(_events[Count].UserId ?? _events[Count].UnitId ?? "");
            _times[Count] = Now;
            IsTickDue = Now >= _nextTick;
        }

        _nextTick += IsTickDue ? UnixMicros.PerSecond : 0;
    }

    private void Touch(string id) => _touched ^= id.Length == 0 ? 0 : id[0] ^ id[^1];
}
