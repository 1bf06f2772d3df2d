using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>What a run of the demo found.</summary>
/// <param name="Choices">What was asked for.</param>
/// <param name="City">The city.</param>
/// <param name="WithSurge">The day with the engine's prices.</param>
/// <param name="WithoutSurge">The same day, the same customers, at base prices.</param>
/// <param name="Record">Counts, multipliers and latencies of the day with surge.</param>
/// <param name="Statistics">The engine's own counters.</param>
/// <param name="Elapsed">How long the day with surge took, history included.</param>
internal sealed record DemoOutcome(
    DemoChoices Choices, City City, CityResult WithSurge, CityResult WithoutSurge, DemoRecorder Record, EngineStatistics Statistics, TimeSpan Elapsed)
{
    /// <summary>The version of the forecasts that priced.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The same in words.</summary>
    public required string ModelSaid { get; init; }

    /// <summary>Regions with searches, most bookings first.</summary>
    public IReadOnlyList<CityRegionResult> Busiest { get; } =
        [.. WithSurge.Regions.OrderByDescending(region => region.Bookings).ThenBy(region => region.Region.Index)];

    /// <summary>Round trips of all quotes in microseconds, ascending.</summary>
    public IReadOnlyList<double> SortedLatency { get; } = [.. Record.LatencyMicros.Order()];

    /// <summary>The latency that a share of the quotes stays within, in microseconds; 0 when there were none.</summary>
    public double LatencyAt(double share) =>
        SortedLatency.Count == 0 ? 0 : SortedLatency[Math.Clamp((int)Math.Ceiling(share * SortedLatency.Count) - 1, 0, SortedLatency.Count - 1)];
}
