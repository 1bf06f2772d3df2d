using PricingCore.Forecasts;

namespace PricingCore.AspNetCore.Tests.HardTimes;

/// <summary>A forecaster that can be held still while it is asked.</summary>
internal sealed class HeldForecaster : IForecaster, IDisposable
{
    private readonly ManualResetEventSlim _free = new(initialState: true);

    public string ModelVersion => "held/1.0.0";

    public void Hold() => _free.Reset();

    public void LetGo() => _free.Set();

    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        _free.Wait();
        forecasts.Fill(new Forecast(0.5f, 0.9f, 10, 5, 15, batch.HorizonMinutes));
    }

    public void Dispose()
    {
        LetGo();
        _free.Dispose();
    }
}
