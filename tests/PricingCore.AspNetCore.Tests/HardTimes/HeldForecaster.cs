using PricingCore.Forecasts;

namespace PricingCore.AspNetCore.Tests.HardTimes;

/// <summary>A forecaster that can be held still while it is asked.</summary>
internal sealed class HeldForecaster : IForecaster, IDisposable
{
    private readonly ManualResetEventSlim _free = new(initialState: true);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHeld;

    public string ModelVersion => "held/1.0.0";

    /// <summary>Completes when it is asked while it is held.</summary>
    public Task Asked => _asked.Task;

    public void Hold()
    {
        _free.Reset();
        _isHeld = true;
    }

    public void LetGo()
    {
        _isHeld = false;
        _free.Set();
    }

    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        if (_isHeld)
        {
            _asked.TrySetResult();
            _free.Wait();
        }

        forecasts.Fill(new Forecast(0.5f, 0.9f, 10, 5, 15, batch.HorizonMinutes));
    }

    public void Dispose()
    {
        LetGo();
        _free.Dispose();
    }
}
