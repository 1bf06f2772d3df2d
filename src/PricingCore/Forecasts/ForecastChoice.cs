using PricingCore.Forecasts.Rollouts;

namespace PricingCore.Forecasts;

/// <summary>A forecast, and where it is from.</summary>
internal readonly record struct ForecastChoice(Forecast Forecast, ForecastSource Source, string ModelVersion, ModelArm Arm);
