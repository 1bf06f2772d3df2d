namespace PricingCore.Forecasts;

/// <summary>Predicts the demand of regions from their features: a batch of rows in, a batch of forecasts out.</summary>
/// <remarks>
/// <para>The loop calls the baseline directly, since it answers in well under a microsecond. A deployed forecaster runs on the inference
/// thread, and its answers come back through the ring, as events like any other. The loop never waits for it: when an answer is late,
/// missing, too old or not valid, the baseline stands in, and the decision says so. A forecaster that runs elsewhere reads rows with
/// <see cref="PricingEngine.TryReadFeatures"/> and hands its answers in with <see cref="PricingEngine.TryPublishForecast"/>.</para>
/// <para>A row's forecast must not depend on the other rows of its batch.</para>
/// </remarks>
/// <threadsafety>An implementation must take calls from any thread, several at a time.</threadsafety>
public interface IForecaster
{
    /// <summary>Names the model and its version in every decision; 1 to 64 characters.</summary>
    string ModelVersion { get; }

    /// <summary>Whether it can predict so far ahead; every horizon unless it says otherwise.</summary>
    /// <param name="horizonMinutes">How far ahead, 1 to 10,080 minutes.</param>
    bool Supports(int horizonMinutes) => true;

    /// <summary>Predicts a batch.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="forecasts">Where the answers go: one a row, in order.</param>
    void Predict(in ForecastBatch batch, Span<Forecast> forecasts);
}
