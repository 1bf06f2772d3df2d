using BenchmarkDotNet.Attributes;
using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Events;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does one event cost the loop, with every window of the mobility schema, and does it grow with the regions?
/// Baseline: the naive engine, a lock and queues of timestamps for the same windows (it leaves the same features: the load program's
/// loop command checks that first). Both begin with an event that was checked.
/// Not measured here: ticks and rows; the loop command has them.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FeatureUpdateBenchmarks
{
    private const int Burst = 4_096;
    private const long Step = 100; // 10,000 events a second, so that windows turn over while this runs.

    private readonly AcceptedEvent[] _accepted = new AcceptedEvent[MarketStream.Distinct];
    private MarketStream _stream = null!;
    private OneLoop _engine = null!;
    private NaiveEngine _naive = null!;
    private long _now = MarketStream.StartMicros;
    private long _naiveNow = MarketStream.StartMicros;
    private int _next;
    private int _naiveNext;

    [Params(100, 10_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _stream = new MarketStream(Regions);
        _engine = new OneLoop(_stream, publishesRows: false);
        _naive = new NaiveEngine(MarketStream.Rules, _stream.Neighbours);
        for (int i = 0; i < _accepted.Length; i++)
        {
            _engine.Gate.TryAccept(_stream.At(i, _now), _now, out _accepted[i]);
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Burst)]
    public void NaiveQueues()
    {
        for (int i = 0; i < Burst; i++)
        {
            _naiveNow += Step;
            _naive.Apply(_stream.At(_naiveNext++ % MarketStream.Distinct, _naiveNow), _naiveNow);
        }
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public void Loop()
    {
        for (int i = 0; i < Burst; i++)
        {
            _now += Step;
            AcceptedEvent e = _accepted[_next++ % MarketStream.Distinct];
            (e.OccurredAt, e.ReceivedAt) = (_now, _now);
            _engine.Ring.TryPublish(e);
        }

        _engine.Drain();
    }
}
