using System.Globalization;
using PricingCore.Bench.Rivals;
using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Bench.Workload;

/// <summary>
/// Shows that the rival does the same work before it is raced: both take in three hours of one stream, and all features but
/// five must agree in every region. The five are those of the neighbours, which the engine reads one to two minutes old and the rival at once,
/// and the multipliers, since nothing is priced here: only their being missing is compared.
/// </summary>
internal static class SameCounts
{
    private const int Regions = 50;
    private const int Minutes = 190;
    private const long EventsPerMinute = 2_000;

    /// <summary>Throws when the two disagree.</summary>
    /// <returns>How many features were compared.</returns>
    public static int Check()
    {
        var stream = new MarketStream(Regions);
        var ours = new OneLoop(stream, publishesRows: false);
        var naive = new NaiveEngine(MarketStream.Rules, stream.Neighbours);
        var row = new float[FeatureSchema.Mobility.Count];
        var naiveRow = new float[row.Length];
        int compared = 0;
        long now = MarketStream.StartMicros;
        for (long number = 0; number < Minutes * EventsPerMinute; number++)
        {
            now += UnixMicros.PerMinute / EventsPerMinute;
            var e = stream.At(number % 4_096, now); // Few enough units that none is silent for half an hour.
            ours.Publish(e, now);
            naive.TryPublish(e, now);
            if (number % 30 == 0)
            {
                ours.Tick(now);
                ours.Drain();
                naive.Tick(now);
            }

            if (number % 13_337 == 0)
            {
                ours.Drain();
                compared += CompareAll(stream, ours, naive, row, naiveRow, now);
            }
        }

        return compared;
    }

    private static int CompareAll(MarketStream stream, OneLoop ours, NaiveEngine naive, float[] row, float[] naiveRow, long now)
    {
        int compared = 0;
        for (int region = 0; region < stream.Regions.Count; region++)
        {
            ours.Reader.ReadRow(region, row);
            naive.ReadRow(ours.Regions.IdOf(region), naiveRow, now);
            for (int i = 0; i < row.Length; i++)
            {
                FeatureDefinition feature = FeatureSchema.Mobility.Features[i];
                if (feature.Name.StartsWith("neighbour_", StringComparison.Ordinal))
                {
                    continue;
                }

                compared++;
                if (!AreSame(row[i], naiveRow[i]))
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"The rival does not do the same work: {feature.Name} of {ours.Regions.IdOf(region)} is {row[i]} here and {naiveRow[i]} there."));
                }
            }
        }

        return compared;
    }

    private static bool AreSame(float left, float right) =>
        float.IsNaN(left) ? float.IsNaN(right) : Math.Abs(left - right) <= 1e-4f * Math.Max(1, Math.Abs(left));
}
