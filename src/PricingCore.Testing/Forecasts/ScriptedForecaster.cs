using PricingCore.Features;
using PricingCore.Forecasts;

namespace PricingCore.Testing.Forecasts;

/// <summary>Answers for one row.</summary>
/// <param name="row">The features, in schema order.</param>
/// <param name="signals">The region's signals.</param>
/// <param name="horizonMinutes">How far ahead.</param>
public delegate Forecast RowForecast(ReadOnlySpan<float> row, in RegionSignals signals, int horizonMinutes);

/// <summary>A forecaster that does what a test says: answers, throws, answers nonsense, or blocks.</summary>
/// <param name="modelVersion">The version it goes by, 1 to 64 characters.</param>
/// <param name="answer">What it answers for a row; called on the inference thread.</param>
/// <threadsafety>As safe as the delegate.</threadsafety>
public sealed class ScriptedForecaster(string modelVersion, RowForecast answer) : IForecaster, IDisposable
{
    private long _rows;
    private long _batches;

    /// <inheritdoc/>
    public string ModelVersion { get; } = modelVersion;

    /// <summary>The only horizon it predicts, in minutes; null for all.</summary>
    public int? OnlyHorizonMinutes { get; init; }

    /// <summary>Rows answered so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Batches answered so far.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Whether somebody has disposed it.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>A forecaster that always expects the same.</summary>
    /// <param name="modelVersion">The version it goes by.</param>
    /// <param name="demandScore">How busy, 0 to 1.</param>
    /// <param name="expectedDemand">Bookings within the horizon, 0 or more.</param>
    public static ScriptedForecaster Constant(string modelVersion, float demandScore, float expectedDemand = 10) => new(
        modelVersion,
        (ReadOnlySpan<float> _, in RegionSignals _, int horizon) => new Forecast(demandScore, 0.9f, expectedDemand, expectedDemand / 2, expectedDemand * 2, horizon));

    /// <inheritdoc/>
    public bool Supports(int horizonMinutes) => OnlyHorizonMinutes is null || OnlyHorizonMinutes == horizonMinutes;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">It was disposed: whoever calls it has freed a model in use.</exception>
    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        for (int i = 0; i < batch.Count; i++)
        {
            forecasts[i] = answer(batch.Row(i), batch.Signals[i], batch.HorizonMinutes);
        }

        Interlocked.Add(ref _rows, batch.Count);
        Interlocked.Increment(ref _batches);
    }

    /// <summary>Makes every later call fail.</summary>
    public void Dispose() => IsDisposed = true;
}
