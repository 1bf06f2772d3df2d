using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>The percentiles that are reported of a latency.</summary>
internal static class LatencyRows
{
    private static readonly (string Name, double Share)[] Shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999), ("p9999", 0.9999), ("max", 1)];

    public static IEnumerable<Measurement> Of(string name, Latencies latencies) =>
        Shares.Select(share => new Measurement($"{name}_{share.Name}", latencies.MicrosAt(share.Share), "us"));
}
