using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;

namespace PricingCore;

/// <summary>What a model must show before any price may depend on it.</summary>
internal static class ModelAdmission
{
    private const int LongestVersion = 64;

    /// <summary>Checks the model's version and horizon, and evaluates every batch size once, so that no decision pays for what it does at its first call.</summary>
    /// <exception cref="ModelRefusedException">It is not fit; the message says why.</exception>
    public static void Check(IForecaster forecaster, PricingOptions options)
    {
        if (forecaster.ModelVersion is not { Length: >= 1 and <= LongestVersion })
        {
            throw new ModelRefusedException($"A model version has 1 to {LongestVersion} characters, but this one is '{forecaster.ModelVersion}'.");
        }

        int horizon = (int)options.Horizon.TotalMinutes;
        if (!forecaster.Supports(horizon))
        {
            throw new ModelRefusedException(
                $"{forecaster.ModelVersion} does not predict {horizon} minutes ahead, which decisions need: set PricingOptions.Horizon to one of its horizons.");
        }

        WarmUp(forecaster, horizon, options);
    }

    private static void WarmUp(IForecaster forecaster, int horizon, PricingOptions options)
    {
        int width = options.Schema.Count;
        int largest = Math.Max(options.MaxForecastBatch, options.MaxRefreshBatch);
        float[] rows = new float[largest * width];
        var signals = new RegionSignals[largest];
        var forecasts = new Forecast[largest];
        foreach (int size in Enumerable.Range(1, options.MaxForecastBatch).Append(largest))
        {
            try
            {
                forecaster.Predict(new ForecastBatch(horizon, rows.AsSpan(0, size * width), width, signals.AsSpan(0, size)), forecasts.AsSpan(0, size));
            }
#pragma warning disable CA1031 // Whatever a model throws: it is refused with it.
            catch (Exception failure)
            {
                throw new ModelRefusedException($"{forecaster.ModelVersion} failed at its first batch of {size}: {failure.Message}", failure);
            }
#pragma warning restore CA1031
        }
    }
}
