namespace PricingCore.Forecasts;

/// <summary>Predicts the demand of regions from their features: a batch of rows in, a batch of forecasts out.</summary>
/// <remarks>
/// <para>The loop calls the baseline directly, since it answers in well under a microsecond. A slower forecaster runs on a thread of
/// its own: it reads rows with <see cref="PricingEngine.TryReadFeatures"/>, and its answers come back through the ring with
/// <see cref="PricingEngine.TryPublishForecast"/>, as events like any other. The loop never waits for it: an answer that is missing,
/// too old or not valid is replaced by the baseline, and the decision says so.</para>
/// <para>A row's forecast must not depend on the other rows of its batch.</para>
/// </remarks>
/// <threadsafety>An implementation must take calls from any thread, several at a time.</threadsafety>
public interface IForecaster
{
    /// <summary>Names the model and its version in every decision; 1 to 64 characters.</summary>
    string ModelVersion { get; }

    /// <summary>Predicts a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="forecasts">Where the answers go: one a row, in order.</param>
    void Predict(in ForecastBatch batch, Span<Forecast> forecasts);
}
