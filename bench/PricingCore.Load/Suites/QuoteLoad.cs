using PricingCore.Bench.Rivals;
using PricingCore.Bench.Workload;
using PricingCore.Load.Measuring;
using PricingCore.Numerics;
using PricingCore.Quotes;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: what does reading a quote cost, does it allocate, and does it scale with readers?
/// Method: 100 regions with a valid decision each; the region ids of the requests are other string objects than the engine's, as they are
/// when they come from a network. Rival: the naive engine, which computes each quote under the region's lock. Runs in turns.
/// <code>
/// one reader:   R -> clock -> quote book
/// two readers:  R -> clock -> quote book
///               R ----^----------^
/// </code>
/// </summary>
internal static class QuoteLoad
{
    private const int Regions = 100;
    private const int Requests = 256;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int quotes = options.Number("--quotes", full: 2_000_000, brief: 500_000);
        var stream = new MarketStream(Regions);
        using var engine = new LiveEngine(stream, new PricingOptions());
        var naive = new NaiveEngine(MarketStream.Rules, stream.Neighbours);
        engine.PublishSome(50_000, (e, now) => naive.TryPublish(e, now));
        QuoteRequest[] requests = [.. Enumerable.Range(0, Requests).Select(i => new QuoteRequest(new string(stream.Regions[i % Regions].Id.AsSpan())))];
        engine.Decide(requests);

        var (own, others) = (new Spent[rounds], new Spent[rounds]);
        var two = new Spent[rounds];
        double[] bytes = new double[rounds];
        WarmUp.Run(() =>
        {
            Read(engine.Engine, requests, quotes / 8);
            ReadNaive(naive, requests, quotes / 32);
        });
        for (int round = 0; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            own[round] = Read(engine.Engine, requests, quotes);
            bytes[round] = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)quotes;
            others[round] = ReadNaive(naive, requests, quotes / 4);
            two[round] = ReadFromTwoThreads(engine.Engine, requests, quotes);
        }

        double[] cpu = [.. own.Select(s => s.CpuNanos)];
        double[] wall = [.. own.Select(s => s.WallNanos)];
        (double ratio, string note) = Median.OfPairs(cpu, [.. others.Select(s => s.CpuNanos)]);
        double[] twoCpu = [.. two.Select(s => s.CpuNanos)];
        (double scaling, string scalingNote) = Median.OfPairs(twoCpu, [.. cpu.Select(nanos => 2 * nanos)]);
        return
        [
            new Measurement("quote", Median.Of(wall), "ns/quote")
            {
                Cpu = Median.Of(cpu),
                Rival = "naive engine, all windows",
                RivalValue = Median.Of(others.Select(s => s.CpuNanos)),
                Ratio = ratio,
                Note = FormattableString.Invariant($"by CPU time; {1_000 / Median.Of(cpu):F1} M quotes/s of CPU time; {note}"),
            },
            new Measurement("quote_bytes", Median.Of(bytes), "B/quote"),
            new Measurement("quote_two_readers", 1_000 / Median.Of(two.Select(s => s.WallNanos)), "M/s")
            {
                Rival = "one reader",
                RivalValue = 1_000 / Median.Of(wall),
                Ratio = scaling,
                Note = $"measured by wall time, which needs two free CPUs; the ratio by CPU time: 2 when a reader costs the other nothing; {scalingNote}",
            },
        ];
    }

    private static Spent Read(PricingEngine engine, QuoteRequest[] requests, int quotes)
    {
        int hits = 0;
        long sum = 0;
        var clocks = Clocks.Start();
        for (int i = 0; i < quotes; i++)
        {
            if (engine.TryQuote(requests[i % Requests], out Quote quote))
            {
                hits++;
                sum += quote.Multiplier.Steps;
            }
        }

        Spent spent = clocks.Stop().Per(quotes);
        if (hits != quotes || sum < 10_000L * quotes)
        {
            throw new InvalidOperationException($"Only {hits} of {quotes} quotes were in the book, or multipliers were below 1.");
        }

        return spent;
    }

    private static Spent ReadNaive(NaiveEngine engine, QuoteRequest[] requests, int quotes)
    {
        int hits = 0;
        var clocks = Clocks.Start();
        for (int i = 0; i < quotes; i++)
        {
            hits += engine.Quote(requests[i % Requests], UnixMicros.From(TimeProvider.System.GetUtcNow())) is { Price: > 0 } ? 1 : 0;
        }

        Spent spent = clocks.Stop().Per(quotes);
        return hits == quotes ? spent : throw new InvalidOperationException($"The rival gave {hits} of {quotes} quotes.");
    }

    /// <summary>Wall time for a quote of two threads together, and CPU time for a quote of either.</summary>
    private static Spent ReadFromTwoThreads(PricingEngine engine, QuoteRequest[] requests, int quotes)
    {
        using var start = new Barrier(3);
        var spent = new Spent[2];
        Thread[] readers = [.. Enumerable.Range(0, 2).Select(reader => new Thread(() =>
        {
            start.SignalAndWait();
            spent[reader] = Read(engine, requests, quotes);
        }))];
        Array.ForEach(readers, reader => reader.Start());
        start.SignalAndWait();
        var clocks = Clocks.Start();
        Array.ForEach(readers, reader => reader.Join());
        return new Spent(clocks.Stop().WallNanos / (2.0 * quotes), (spent[0].CpuNanos + spent[1].CpuNanos) / 2);
    }
}
