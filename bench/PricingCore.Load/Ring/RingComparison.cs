using System.Globalization;
using System.Text.Json.Serialization;

namespace PricingCore.Load.Ring;

/// <param name="Name">Key of the result.</param>
/// <param name="Producers">Producer threads; 0 when one thread does both sides in turns.</param>
/// <param name="BatchSize">Events that the ring's producer claims at once; the channel has no batches and takes them one by one.</param>
/// <param name="Target">The lowest good ratio.</param>
internal sealed record RingScenario(string Name, int Producers, int BatchSize, double Target);

/// <summary>What one scenario gave: medians over the pairs of runs.</summary>
internal sealed record RingComparison(
    string Name,
    double RatioMedian,
    double RatioMin,
    double RatioMax,
    double Target,
    double RingNsMedian,
    double ChannelNsMedian,
    double LineTransferNsMedian,
    double LineTransferNsMin,
    double LineTransferNsMax,
    int Pairs)
{
    public static RingComparison Of(RingScenario scenario, double[] rings, double[] channels, double[] lines)
    {
        double[] ratios = [.. rings.Zip(channels, (ring, channel) => channel / ring)];
        return new RingComparison(
            scenario.Name,
            Median(ratios),
            ratios.Min(),
            ratios.Max(),
            scenario.Target,
            Median(rings),
            Median(channels),
            Median(lines),
            lines.Min(),
            lines.Max(),
            ratios.Length);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-22} {RatioMedian,6:F2}x {$"{RatioMin:F2}..{RatioMax:F2}",15} {Target,6:F1}x {RingNsMedian,9:F1} {ChannelNsMedian,11:F1} {LineTransferNsMedian,8:F0} {$"{LineTransferNsMin:F0}..{LineTransferNsMax:F0}",12}");

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(List<RingComparison>))]
internal sealed partial class RingLoadJson : JsonSerializerContext;
