using PricingCore.Load.Measuring;
using PricingCore.Load.Ring;

namespace PricingCore.Load.Suites;

/// <summary>The ring's comparison with a bounded channel, as measurements; see <see cref="RingLoad"/>.</summary>
internal static class RingSuite
{
    /// <summary>Handing a line over takes some hundred nanoseconds between two CPUs; thousands are the scheduler's doing.</summary>
    public const double SharedCpuNanos = 2_000;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 5);
        int events = options.Number("--events", full: 300_000, brief: 150_000);
        return [.. RingLoad.Measure(rounds, events, only: null).Select(result => new Measurement("ring_" + result.Name, result.RingNsMedian, "ns/event")
        {
            Rival = "bounded Channel<T>",
            RivalValue = result.ChannelNsMedian,
            Ratio = result.RatioMedian,
            Note = FormattableString.Invariant($"{result.RatioMin:F2}..{result.RatioMax:F2} in {result.Pairs} pairs; cache line {result.LineTransferNsMedian:F0} ns"),
            Skipped = SkipReason(result),
        })];
    }

    private static string? SkipReason(RingComparison result) =>
        !result.Name.Contains("producer", StringComparison.Ordinal) ? null
        : Environment.ProcessorCount < 2 ? "two threads need two CPUs"
        : result.LineTransferNsMedian > SharedCpuNanos
            ? FormattableString.Invariant($"two threads shared a CPU: a cache line took {result.LineTransferNsMedian:F0} ns to hand over; ratio was {result.RatioMedian:F2}")
            : null;
}
