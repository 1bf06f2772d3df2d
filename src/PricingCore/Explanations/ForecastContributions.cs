using PricingCore.Forecasts;

namespace PricingCore.Explanations;

/// <summary>A model's view of one feature row: what it predicts, and how much each feature has to do with it.</summary>
/// <remarks>
/// <c>BaseValue + the sum of all contributions + RoundingDifference = Prediction</c>. The model adds its leaves in single precision and the
/// contributions are doubles: the difference is that rounding, some 1e-6 of the sum for 100 trees.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ForecastContributions
{
    /// <summary>The model.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>How far ahead, in minutes.</summary>
    public required int HorizonMinutes { get; init; }

    /// <summary>What the model predicts on average, over the rows that its package holds.</summary>
    public required double BaseValue { get; init; }

    /// <summary>Every feature that moved the prediction, the one that moved it most first.</summary>
    public required IReadOnlyList<FeatureContribution> Contributions { get; init; }

    /// <summary>What the trees add up to, in the model's own unit: for a model of this project's trainer, a share of the usual demand.</summary>
    public required float Prediction { get; init; }

    /// <summary>What base value and contributions lack to <see cref="Prediction"/>.</summary>
    public required double RoundingDifference { get; init; }

    /// <summary>The whole forecast that the model makes of the row, its expected demand in bookings among it.</summary>
    public required Forecast Forecast { get; init; }

    /// <summary>
    /// Whether <see cref="Forecast"/> is the one that was priced, bit for bit; else the forecast was made from an earlier row of the region.
    /// </summary>
    public required bool IsThePricedForecast { get; init; }
}
