using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Training.History;

namespace PricingCore.Training.Metrics;

/// <summary>Scores any forecaster on the rows of a history, beside the baselines on the same rows.</summary>
/// <threadsafety>Stateless: any thread.</threadsafety>
public static class ForecastEvaluation
{
    private const int BatchRows = 256;

    /// <summary>Scores a forecaster.</summary>
    /// <param name="forecaster">Whom to ask; every horizon of the rows is asked for.</param>
    /// <param name="rows">Rows of its schema.</param>
    /// <param name="from">No row before this time is scored; all are unless given.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops the scoring between two batches.</param>
    /// <exception cref="TrainingException">There is no row to score.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ForecastReport Score(
        IForecaster forecaster, DemandRows rows, DateTimeOffset? from = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(rows);
        int first = from is { } time ? rows.FirstRowFrom(time) : 0;
        if (first >= rows.Count)
        {
            throw new TrainingException(from is null
                ? "There is no row to score: the history is shorter than warm-up and horizon together."
                : $"There is no row to score from {from:O} on; the data end at {rows.EndsAt:O}.");
        }

        var horizons = new HorizonReport[rows.HorizonsMinutes.Count];
        for (int horizon = 0; horizon < horizons.Length; horizon++)
        {
            var sums = new HorizonSums(rows, horizon);
            foreach ((int row, Forecast forecast) in Ask(forecaster, rows, first, horizon))
            {
                sums.Add(row, forecast);
                if (row % BatchRows == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report((horizon + ((row - first) / (double)(rows.Count - first))) / horizons.Length);
                }
            }

            horizons[horizon] = sums.ToReport();
        }

        progress?.Report(1);
        return new ForecastReport(forecaster.ModelVersion, rows.TimeOf(first), rows.TimeOf(rows.Count - 1), horizons);
    }

    /// <summary>What a forecaster says of each row, in order.</summary>
    /// <param name="forecaster">Whom to ask.</param>
    /// <param name="rows">Rows of its schema.</param>
    /// <param name="first">The first row to ask for, from 0.</param>
    /// <param name="horizon">The index of the horizon, from 0.</param>
    public static IEnumerable<(int Row, Forecast Forecast)> Ask(IForecaster forecaster, DemandRows rows, int first, int horizon)
    {
        ArgumentNullException.ThrowIfNull(forecaster);
        ArgumentNullException.ThrowIfNull(rows);
        var features = new float[BatchRows * rows.Schema.Count];
        var signals = new RegionSignals[BatchRows];
        var forecasts = new Forecast[BatchRows];
        for (int start = first; start < rows.Count; start += BatchRows)
        {
            int count = Math.Min(BatchRows, rows.Count - start);
            for (int i = 0; i < count; i++)
            {
                rows.FeaturesOf(start + i).CopyTo(features.AsSpan(i * rows.Schema.Count));
                signals[i] = rows.SignalsOf(start + i);
            }

            forecaster.Predict(
                new ForecastBatch(rows.HorizonsMinutes[horizon], features.AsSpan(0, count * rows.Schema.Count), rows.Schema.Count, signals.AsSpan(0, count)),
                forecasts.AsSpan(0, count));
            for (int i = 0; i < count; i++)
            {
                yield return (start + i, forecasts[i]);
            }
        }
    }
}
