using PricingCore.Forecasts;

namespace RolloutSample;

/// <summary>Stands in for trained models that differ: the seasonal baseline, times a number.</summary>
/// <remarks>A trained package is deployed the same way: <c>DeployAsync(ModelPackage.Load("models/demand/1.0.0"), rollout)</c>.</remarks>
internal sealed class BiasedForecaster(string version, float bias) : IForecaster
{
    private int _answers;

    public string ModelVersion => version;

    /// <summary>Every so many answers is not a number; 0 for none.</summary>
    public int NonsenseEach { get; init; }

    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            Forecast usual = SeasonalNaiveForecaster.Predict(batch.Signals[i], batch.HorizonMinutes);
            float expected = usual.ExpectedDemand * bias;
            float mean = usual.DemandScore > 0 ? (usual.ExpectedDemand / usual.DemandScore) - usual.ExpectedDemand : 1;
            bool isNonsense = NonsenseEach > 0 && Interlocked.Increment(ref _answers) % NonsenseEach == 0;
            forecasts[i] = usual with
            {
                DemandScore = isNonsense ? float.NaN : expected / (expected + mean),
                ExpectedDemand = expected,
                Low = usual.Low * bias,
                High = usual.High * bias,
            };
        }
    }
}
