using BenchmarkDotNet.Attributes;
using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Features;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does building the row of the 64 mobility features cost?
/// Baseline: the naive engine, which counts its queues again under the region's lock.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FeatureRowBenchmarks
{
    private const int Events = 500_000;
    private const long Step = 1_000;

    private readonly float[] _row = new float[FeatureSchema.Mobility.Count];
    private MarketStream _stream = null!;
    private OneLoop _engine = null!;
    private NaiveEngine _naive = null!;
    private long _now = MarketStream.StartMicros;
    private int _region;

    [Params(100, 10_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _stream = new MarketStream(Regions);
        _engine = new OneLoop(_stream, publishesRows: false);
        _naive = new NaiveEngine(MarketStream.Rules, _stream.Neighbours);
        for (int i = 0; i < Events; i++)
        {
            _now += Step;
            _engine.Publish(_stream.At(i, _now), _now);
            _naive.Apply(_stream.At(i, _now), _now);
            if (i % 1_000 == 0)
            {
                _engine.Tick(_now);
                _engine.Drain();
            }
        }

        _engine.Drain();
    }

    [Benchmark(Baseline = true)]
    public float NaiveRow()
    {
        _naive.ReadRow(_stream.Regions[Next()].Id, _row, _now);
        return _row[0];
    }

    [Benchmark]
    public float Row()
    {
        _engine.Reader.ReadRow(Next(), _row);
        return _row[0];
    }

    private int Next() => _region = _region + 1 == Regions ? 0 : _region + 1;
}
