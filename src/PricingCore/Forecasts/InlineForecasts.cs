using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Regions;

namespace PricingCore.Forecasts;

/// <summary>Forecasts that are made in the loop, as a replay of events does: an answer must not depend on threads there.</summary>
/// <remarks>
/// What the model said is put into the journal, if there is one, and a replay of that journal takes it from there, in the same order; so it does without the model.
/// </remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class InlineForecasts(IForecaster? forecaster, FeatureReader reader, NameTable models, ForecastLimits limits)
{
    private const ulong Predicted = 1;
    private const ulong Failed = 2;

    private readonly Queue<AcceptedEvent> _recorded = new();
    private readonly float[] _row = new float[limits.RowWidth];

    /// <summary>Told of each forecast, as the record of it; null when nobody is.</summary>
    public Action<AcceptedEvent>? Record { get; set; }

    /// <summary>Whether decisions take their forecasts from here.</summary>
    public bool IsUsed => forecaster is not null || _recorded.Count > 0;

    /// <summary>Whether a record is one of these forecasts rather than an answer of an inference thread.</summary>
    public static bool IsOne(in AcceptedEvent e) => e.KeyLow != 0;

    /// <summary>Takes in a forecast of a journal; with a forecaster at hand that one is asked instead.</summary>
    public void Take(in AcceptedEvent e)
    {
        if (forecaster is null)
        {
            _recorded.Enqueue(e);
        }
    }

    /// <summary>The next forecast.</summary>
    /// <returns><see langword="false"/> when the model had none.</returns>
    public bool TryPredict(int region, in RegionSignals signals, long now, out Forecast forecast, out string version)
    {
        if (forecaster is null)
        {
            AcceptedEvent recorded = _recorded.Dequeue();
            forecast = OutsideForecasts.Read(recorded);
            version = models[recorded.Product];
            return recorded.KeyLow == Predicted;
        }

        forecast = Predict(forecaster, region, signals);
        version = forecaster.ModelVersion;
        if (Record is not null)
        {
            AcceptedEvent record = AcceptedEvent.ForecastReady(
                region, models.FindOrAdd(version), limits.HorizonMinutes, forecast.DemandScore, forecast.Confidence, forecast.ExpectedDemand, forecast.Low, forecast.High, now);
            record.KeyLow = forecast.IsValid ? Predicted : Failed;
            Record(record);
        }

        return forecast.IsValid;
    }

    private Forecast Predict(IForecaster model, int region, in RegionSignals signals)
    {
        Forecast forecast = default;
        reader.ReadRow(region, _row);
        var batch = new ForecastBatch(limits.HorizonMinutes, _row, _row.Length, new ReadOnlySpan<RegionSignals>(in signals));
        try
        {
            model.Predict(batch, new Span<Forecast>(ref forecast));
        }
#pragma warning disable CA1031 // Whatever a model throws: the baseline stands in, as it would in a live engine.
        catch (Exception)
        {
            forecast = default;
        }
#pragma warning restore CA1031

        return forecast;
    }
}
