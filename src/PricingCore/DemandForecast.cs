using PricingCore.Forecasts;

namespace PricingCore;

/// <summary>The demand that is expected of a region.</summary>
/// <param name="RegionId">The region.</param>
/// <param name="AsOf">The time of the features it was made from.</param>
/// <param name="Forecast">Expected demand with low and high, demand score, confidence and horizon.</param>
/// <param name="Source">Where it is from; <see cref="ForecastSource.Fallback"/> when the model had no answer in time.</param>
/// <param name="ModelVersion">The model that made it.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct DemandForecast(string RegionId, DateTimeOffset AsOf, Forecast Forecast, ForecastSource Source, string ModelVersion)
{
    /// <summary>The furthest horizon in minutes: 10,080, a week.</summary>
    public const int MaxHorizonMinutes = 10_080;
}
