using PricingCore.Forecasts;
using PricingCore.Numerics;

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

    /// <summary>The answer for the one who asked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No model predicts so far ahead.</exception>
    /// <exception cref="InvalidOperationException">The engine has stopped.</exception>
    public DemandForecast ToDemandForecast(string regionId, int horizonMinutes) =>
        Source != ForecastSource.None ? new DemandForecast(regionId, UnixMicros.ToTime(AsOfMicros), Forecast, Source, ModelVersion)
        : this == Refused ? throw new ArgumentOutOfRangeException(
            nameof(horizonMinutes), horizonMinutes, "No deployed model predicts so far ahead, or it had no answer in time; the baseline goes up to 60 minutes.")
        : throw new InvalidOperationException("The engine has been stopped.");
}
