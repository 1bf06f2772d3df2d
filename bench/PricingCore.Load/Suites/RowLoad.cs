using PricingCore.Bench.Workload;
using PricingCore.Features;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: what does a row of the 64 mobility features cost?
/// Method: 10,000 regions in order, after a million events of one stream; rival: the naive engine's row, under its lock, which has its
/// counts ready too. Runs in turns, medians of pairs, by CPU time.
/// <code>
/// region -> bring up to date -> 64 features -> row        one thread
/// </code>
/// </summary>
internal static class RowLoad
{
    private const int Regions = 10_000;
    private const int Rate = 10_000;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int rows = options.Number("--rows", full: 200_000, brief: 60_000);
        var stream = new MarketStream(Regions);
        var ours = new OurEvents(stream, Rate, publishesRows: false);
        var naive = new NaiveEvents(stream, Rate);
        ours.Run(1_000_000);
        naive.Run(1_000_000);

        var row = new float[FeatureSchema.Mobility.Count];
        var (own, others) = (new Spent[rounds], new Spent[rounds]);
        double bytes = 0;
        for (int round = -2; round < rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clocks = Clocks.Start();
            for (int i = 0; i < rows; i++)
            {
                ours.Engine.Reader.ReadRow(i % Regions, row);
            }

            Spent mine = clocks.Stop().Per(rows);
            double mineBytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)rows;
            clocks = Clocks.Start();
            for (int i = 0; i < rows; i++)
            {
                naive.Engine.ReadRow(stream.Regions[i % Regions].Id, row, ours.Now);
            }

            Spent theirs = clocks.Stop().Per(rows);
            if (round >= 0)
            {
                (own[round], others[round]) = (mine, theirs);
                bytes = Math.Max(bytes, mineBytes);
            }
        }

        (double ratio, string note) = Median.OfPairs([.. own.Select(s => s.CpuNanos)], [.. others.Select(s => s.CpuNanos)]);
        return
        [
            new Measurement("row", Median.Of(own.Select(s => s.WallNanos)), "ns/row")
            {
                Cpu = Median.Of(own.Select(s => s.CpuNanos)),
                Rival = "naive engine, all windows",
                RivalValue = Median.Of(others.Select(s => s.CpuNanos)),
                Ratio = ratio,
                Note = "by CPU time; " + note,
            },
            new Measurement("row_bytes", bytes, "B/row"),
        ];
    }
}
