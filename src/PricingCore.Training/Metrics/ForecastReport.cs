using PricingCore.Forecasts.Models;

namespace PricingCore.Training.Metrics;

/// <summary>How well a forecaster did on a history, beside the baselines on the same rows.</summary>
/// <param name="ModelVersion">The forecaster.</param>
/// <param name="From">Time of the first row scored.</param>
/// <param name="To">Time of the last row scored.</param>
/// <param name="Horizons">One a horizon, shortest first.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ForecastReport(string ModelVersion, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<HorizonReport> Horizons)
{
    /// <summary>Whether the WAPE is below that of every baseline at every horizon.</summary>
    public bool BeatsBaselines => Horizons.All(horizon =>
        horizon.Metrics.Baselines.Values.All(baseline => horizon.Metrics.Model.Wape < baseline.Wape));
}

/// <summary>How well a forecaster did at one horizon.</summary>
/// <param name="Metrics">Its errors and those of the baselines.</param>
/// <param name="Coverage">The share of rows whose demand lay from low to high.</param>
/// <param name="ByHour">The errors by local hour of the day, 0 to 23; hours without rows are left out.</param>
/// <param name="Score">Demand score said and demand score that came true, in tenths of the score; empty tenths are left out.</param>
/// <param name="Confidence">The interval by confidence, in tenths of the confidence; empty tenths are left out.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record HorizonReport(
    HorizonMetrics Metrics,
    double Coverage,
    IReadOnlyList<HourReport> ByHour,
    IReadOnlyList<ScoreBin> Score,
    IReadOnlyList<ConfidenceBin> Confidence);

/// <summary>The errors in one hour of the day.</summary>
/// <param name="Hour">Local hour, 0 to 23 (UTC when the schema has no <c>hour_of_day</c>).</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="MeanDemand">Mean bookings within the horizon.</param>
/// <param name="Model">The forecaster's errors.</param>
/// <param name="Baselines">The errors of each baseline, by name.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record HourReport(
    int Hour, long Rows, double MeanDemand, ForecastErrors Model, IReadOnlyDictionary<string, ForecastErrors> Baselines);

/// <summary>Rows whose score lay in one tenth: what was said, and what came true.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Said">Mean demand score.</param>
/// <param name="CameTrue">Mean of the score that the demand itself gives: y / (y + mean demand of a week + 1/2).</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ScoreBin(long Rows, double Said, double CameTrue);

/// <summary>Rows whose confidence lay in one tenth: what was said, and how often the interval held.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Said">Mean confidence.</param>
/// <param name="Coverage">The share of rows whose demand lay from low to high.</param>
/// <param name="RelativeError">Mean of |error| / (expected demand + 1); falls as confidence rises when the confidence means something.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ConfidenceBin(long Rows, double Said, double Coverage, double RelativeError);
