using PricingCore.Forecasts;
using PricingCore.Training.History;
using PricingCore.Training.Metrics;

namespace PricingCore.Training.Tests.Metrics;

/// <summary>
/// Goal: errors are what their formulas say, and any forecaster can be scored.
/// Method: a handful of numbers worked out by hand; and forecasters that say something known.
/// </summary>
public sealed class ForecastEvaluationTests
{
    private static readonly Task<DemandRows> Rows = Markets.ReadAsync(Markets.Seasonal(days: 15), Markets.Panel());

    [Fact]
    public void ErrorSums_AreTheFormulas()
    {
        var sums = new ErrorSums();
        sums.Add(forecast: 3, actual: 1);
        sums.Add(forecast: 0, actual: 7);
        sums.Add(forecast: 4, actual: 4);

        // |2| + |7| of 12; squares 4 + 49; logs ln(4/2) and ln(8).
        Assert.Equal((0.75, 3), (sums.ToErrors().Wape, sums.ToErrors().Mae));
        Assert.Equal(Math.Sqrt(53 / 3.0), sums.ToErrors().Rmse, 6);
        Assert.Equal(Math.Sqrt(((Math.Log(2) * Math.Log(2)) + (Math.Log(8) * Math.Log(8))) / 3), sums.ToErrors().Rmsle, 6);
        Assert.Equal(double.NaN, new ErrorSums().ToErrors().Wape);
    }

    [Fact]
    public async Task Score_OfWhatABaselineSays_IsTheBaselines()
    {
        DemandRows rows = await Rows;

        ForecastReport report = ForecastEvaluation.Score(new LastHour(), rows);

        Assert.Equal(report.Horizons[0].Metrics.Baselines["persistence"], report.Horizons[0].Metrics.Model);
        Assert.False(report.BeatsBaselines);
    }

    [Fact]
    public async Task Score_OfTheSeasonalBaseline_ReadsSignals()
    {
        DemandRows rows = await Rows;
        DateTimeOffset from = Markets.Start.AddDays(10);

        ForecastReport report = ForecastEvaluation.Score(SeasonalNaiveForecaster.Instance, rows, from);

        Assert.Equal((from, 5 * 24 * 3 - 3), (report.From, (int)report.Horizons[0].Metrics.Rows));
        Assert.InRange(report.Horizons[0].Metrics.Model.Wape, 0.01, report.Horizons[0].Metrics.Baselines.Values.Max(baseline => baseline.Wape));
    }

    [Fact]
    public async Task Score_AfterTheEnd_SaysSo()
    {
        DemandRows rows = await Rows;

        Assert.Throws<TrainingException>(() => ForecastEvaluation.Score(new LastHour(), rows, Markets.Start.AddDays(20)));
    }

    /// <summary>Says the bookings of the last clock hour, which at a full hour is the last hour.</summary>
    private sealed class LastHour : IForecaster
    {
        public string ModelVersion => "last-hour";

        public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                float demand = batch.Signals[i].BookingsLastHour;
                forecasts[i] = new Forecast(0.5f, 0.5f, demand, demand, demand, batch.HorizonMinutes);
            }
        }
    }
}
