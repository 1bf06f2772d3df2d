using BenchmarkDotNet.Attributes;
using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Regions;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does publishing one event, gate and ring together, cost the caller?
/// Baseline: the same checks written plainly, a dictionary look-up, and a bounded channel of the same 64-byte record.
/// Not the same: the gate hashes ids with a key (so that nobody can aim at collisions) and counts the events of each user.
/// In both, the queue is emptied within the measured time, which adds the same work to each: the take of a burst.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class GateBenchmarks
{
    private const int Regions = 1_000;
    private const int Burst = 1_024;
    private const long Step = 1_000_000; // A second, so that no user is over the limit.

    private readonly MarketEvent[] _events = new MarketEvent[Burst];
    private OneLoop _engine = null!;
    private EventGate _gate = null!;
    private NaivePublisher _naive = null!;
    private long _now;

    [GlobalSetup]
    public void SetUp()
    {
        var stream = new MarketStream(Regions);
        _engine = new OneLoop(stream, publishesRows: false);
        _gate = new EventGate(
            _engine.Regions, new NameTable(64), new RateLimits(1_000, 0, Regions), new byte[16], long.MaxValue / 2, 5_000_000);
        _naive = new NaivePublisher(stream.Regions);
        _now = MarketStream.StartMicros;
        for (int i = 0; i < Burst; i++)
        {
            _events[i] = stream.At(i, _now);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Burst)]
    public long ChecksAndBoundedChannel()
    {
        foreach (ref readonly MarketEvent e in _events.AsSpan())
        {
            _naive.TryPublish(e, MarketStream.StartMicros);
        }

        return _naive.Empty();
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public long GateAndRing()
    {
        _now += Step;
        foreach (ref readonly MarketEvent e in _events.AsSpan())
        {
            if (_gate.TryAccept(e, _now, out AcceptedEvent accepted) == Rejection.None)
            {
                _engine.Ring.TryPublish(accepted);
            }
        }

        long sum = 0;
        while (_engine.Ring.TryTake(out AcceptedEvent record))
        {
            sum += record.Region;
        }

        return sum;
    }
}
