using PricingCore.Features;

namespace PricingCore.Forecasts;

/// <summary>A forecaster that answers at once, in the loop, one region at a time.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class InlineForecasts(IForecaster forecaster, FeatureReader reader, ForecastLimits limits)
{
    private readonly float[] _row = new float[limits.RowWidth];

    /// <summary>The version of the model.</summary>
    public string ModelVersion => forecaster.ModelVersion;

    /// <summary>Predicts; <see langword="false"/> when the model throws or its answer is not valid.</summary>
    public bool TryPredict(int region, in RegionSignals signals, out Forecast forecast)
    {
        forecast = default;
        reader.ReadRow(region, _row);
        var batch = new ForecastBatch(limits.HorizonMinutes, _row, _row.Length, new ReadOnlySpan<RegionSignals>(in signals));
        try
        {
            forecaster.Predict(batch, new Span<Forecast>(ref forecast));
        }
#pragma warning disable CA1031 // Whatever a model throws: the baseline stands in, as it would in a live engine.
        catch (Exception)
        {
            forecast = default;
        }
#pragma warning restore CA1031

        return forecast.IsValid;
    }
}
