using PricingCore.Bench.Workload;
using PricingCore.Features;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: what does a row of the 64 mobility features cost?
/// Method: 100 regions, which stay in the cache, and 10,000, which do not, in order, after a million events of one stream; rival: the naive engine's row, under its lock, which has its
/// counts ready too. Runs in turns, medians of pairs, by CPU time.
/// <code>
/// region -> bring up to date -> 64 features -> row        one thread
/// </code>
/// </summary>
internal static class RowLoad
{
    private const int Rate = 10_000;

    public static IReadOnlyList<Measurement> Run(LoadOptions options) => [.. Run(options, "row", 100), .. Run(options, "row_10000_regions", 10_000)];

    private static Measurement[] Run(LoadOptions options, string name, int regions)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int rows = options.Number("--rows", full: 200_000, brief: 60_000);
        var stream = new MarketStream(regions);
        var ours = new OurEvents(stream, Rate, publishesRows: false);
        var naive = new NaiveEvents(stream, Rate);
        ours.Run(1_000_000);
        naive.Run(1_000_000);

        var row = new float[FeatureSchema.Mobility.Count];
        var (own, others) = (new Spent[rounds], new Spent[rounds]);
        double[] bytes = new double[rounds];
        WarmUp.Run(() =>
        {
            Read(ours, row, rows / 4);
            ReadNaive(naive, stream, row, rows / 4);
        });
        for (int round = 0; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            own[round] = Read(ours, row, rows);
            bytes[round] = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)rows;
            others[round] = ReadNaive(naive, stream, row, rows);
        }

        (double ratio, string note) = Median.OfPairs([.. own.Select(s => s.CpuNanos)], [.. others.Select(s => s.CpuNanos)]);
        return
        [
            new Measurement(name, Median.Of(own.Select(s => s.WallNanos)), "ns/row")
            {
                Cpu = Median.Of(own.Select(s => s.CpuNanos)),
                Rival = "naive engine, all windows",
                RivalValue = Median.Of(others.Select(s => s.CpuNanos)),
                Ratio = ratio,
                Note = "by CPU time; " + note,
            },
            new Measurement(name + "_bytes", Median.Of(bytes), "B/row"),
        ];
    }

    private static Spent Read(OurEvents ours, float[] row, int rows)
    {
        var clocks = Clocks.Start();
        for (int i = 0, region = 0; i < rows; i++)
        {
            ours.Engine.Reader.ReadRow(region, row);
            region = region + 1 == ours.Engine.Regions.Count ? 0 : region + 1;
        }

        return clocks.Stop().Per(rows);
    }

    private static Spent ReadNaive(NaiveEvents naive, MarketStream stream, float[] row, int rows)
    {
        long now = naive.Now;
        var clocks = Clocks.Start();
        for (int i = 0, region = 0; i < rows; i++)
        {
            naive.Engine.ReadRow(stream.Regions[region].Id, row, now);
            region = region + 1 == stream.Regions.Count ? 0 : region + 1;
        }

        return clocks.Stop().Per(rows);
    }
}
