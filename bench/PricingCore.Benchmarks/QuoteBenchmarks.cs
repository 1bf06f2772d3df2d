using BenchmarkDotNet.Attributes;
using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Quotes;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does reading a quote cost while its decision holds?
/// Baseline: the naive engine, which computes every quote under the region's lock; it gets a number in place of a new trace id.
/// Both read the system clock. Not measured here: a quote that needs a decision (the cold command of bench/PricingCore.Load does that).
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class QuoteBenchmarks
{
    private const int Regions = 100;
    private const int Events = 30_000; // They fit in the ring.

    private readonly QuoteRequest[] _requests = new QuoteRequest[Regions];
    private PricingEngine _engine = null!;
    private NaiveEngine _naive = null!;
    private int _next;

    [GlobalSetup]
    public void SetUp()
    {
        var stream = new MarketStream(Regions);
        _engine = PricingEngine.Start(new PricingOptions { Rules = MarketStream.Rules, Regions = stream.Regions, UserEventsPerMinute = 0 });
        _naive = new NaiveEngine(MarketStream.Rules, stream.Neighbours);
        for (int i = 0; i < Events; i++)
        {
            MarketEvent e = stream.At(i, Now);
            _engine.TryPublish(e);
            _naive.TryPublish(e, Now);
        }

        for (int i = 0; i < Regions; i++)
        {
            _requests[i] = new QuoteRequest(new string(stream.Regions[i].Id.AsSpan())); // Not the engine's own string.
            _engine.QuoteAsync(_requests[i]).AsTask().GetAwaiter().GetResult();
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true)]
    public decimal NaiveQuote() => _naive.Quote(_requests[Next()], Now)!.Price;

    [Benchmark]
    public int TryQuote() => _engine.TryQuote(_requests[Next()], out Quote quote) ? quote.Multiplier.Steps : throw new InvalidOperationException("The book has no decision.");

    private static long Now => UnixMicros.From(TimeProvider.System.GetUtcNow());

    private int Next() => _next = _next + 1 == Regions ? 0 : _next + 1;
}
