using PricingCore.Forecasts;

namespace PricingCore;

/// <summary>What the loop answers to a request for a forecast.</summary>
/// <param name="Forecast">The forecast; not valid when refused.</param>
/// <param name="Source">Where it is from; <see cref="ForecastSource.None"/> when there is none.</param>
/// <param name="ModelVersion">Which model made it.</param>
/// <param name="AsOfMicros">The time of the features.</param>
internal readonly record struct ForecastAnswer(Forecast Forecast, ForecastSource Source, string ModelVersion, long AsOfMicros)
{
    /// <summary>No model predicts so far ahead.</summary>
    public static ForecastAnswer Refused { get; } = new(default, ForecastSource.None, "none", 0);

    /// <summary>The engine has stopped.</summary>
    public static ForecastAnswer Stopped { get; } = new(default, ForecastSource.None, "", 0);
}
