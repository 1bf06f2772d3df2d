using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Training.History;

namespace PricingCore.Training.Metrics;

/// <summary>Adds up all that is reported of one horizon.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class HorizonSums
{
    private const int Hours = 24;
    private const int Bins = 10;
    private const float ScorePrior = 0.5f; // As in the score itself.

    private readonly DemandRows _rows;
    private readonly int _horizon;
    private readonly int _hourColumn;
    private readonly int _meanColumn;
    private readonly Errors _all;
    private readonly Errors[] _byHour;
    private readonly Bin[] _score = new Bin[Bins];
    private readonly Bin[] _confidence = new Bin[Bins];
    private long _inside;

    public HorizonSums(DemandRows rows, int horizon)
    {
        _rows = rows;
        _horizon = horizon;
        _all = new Errors(rows.UnitsPerBooking);
        _byHour = [.. Enumerable.Range(0, Hours).Select(_ => new Errors(rows.UnitsPerBooking))];
        _hourColumn = rows.Schema.IndexOf("hour_of_day");
        _meanColumn = rows.Schema.IndexOf("rolling_avg_demand_7d");
    }

    public void Add(int row, in Forecast forecast)
    {
        float actual = _rows.DemandOf(row, _horizon);
        bool isInside = actual >= forecast.Low && actual <= forecast.High;
        _inside += isInside ? 1 : 0;
        int hour = _hourColumn < 0 ? _rows.TimeOf(row).Hour : (int)_rows.FeaturesOf(row)[_hourColumn];
        _all.Add(forecast.ExpectedDemand, actual, row, _rows, _horizon);
        _byHour[hour].Add(forecast.ExpectedDemand, actual, row, _rows, _horizon);

        float mean = _meanColumn < 0 ? float.NaN : _rows.FeaturesOf(row)[_meanColumn];
        mean = float.IsNaN(mean) ? 0 : mean * _rows.HorizonsMinutes[_horizon] / 60f;
        _score[BinOf(forecast.DemandScore)].Add(forecast.DemandScore, actual / (actual + mean + ScorePrior), 0);
        _confidence[BinOf(forecast.Confidence)].Add(
            forecast.Confidence, isInside ? 1 : 0, Math.Abs(forecast.ExpectedDemand - actual) / (forecast.ExpectedDemand + 1));
    }

    public HorizonReport ToReport() => new(
        new HorizonMetrics(_rows.HorizonsMinutes[_horizon], _all.Model.Count, _all.Model.ToErrors(), _all.BaselineErrors()),
        Rounded(_inside / (double)_all.Model.Count),
        [.. _byHour.Index().Where(hour => hour.Item.Model.Count > 0).Select(hour => new HourReport(
            hour.Index, hour.Item.Model.Count, Rounded(hour.Item.Model.MeanActual), hour.Item.Model.ToErrors(), hour.Item.BaselineErrors()))],
        [.. _score.Where(bin => bin.Count > 0).Select(bin => new ScoreBin(bin.Count, bin.Mean(bin.Said), bin.Mean(bin.CameTrue)))],
        [.. _confidence.Where(bin => bin.Count > 0).Select(bin =>
            new ConfidenceBin(bin.Count, bin.Mean(bin.Said), bin.Mean(bin.CameTrue), bin.Mean(bin.Error)))]);

    private static int BinOf(float share) => Math.Clamp((int)(share * Bins), 0, Bins - 1);

    private static double Rounded(double value) => Math.Round(value, 6);

    private sealed class Errors(double unitsPerBooking)
    {
        private readonly ErrorSums[] _baselines = [.. Enumerable.Range(0, DemandBaselines.Count).Select(_ => new ErrorSums(unitsPerBooking))];

        public ErrorSums Model { get; } = new(unitsPerBooking);

        public void Add(float forecast, float actual, int row, DemandRows rows, int horizon)
        {
            Model.Add(forecast, actual);
            for (int i = 0; i < _baselines.Length; i++)
            {
                _baselines[i].Add(rows.BaselineOf(row, horizon, (DemandBaseline)i), actual);
            }
        }

        public Dictionary<string, ForecastErrors> BaselineErrors() =>
            _baselines.Index().ToDictionary(baseline => DemandBaselines.Names[baseline.Index], baseline => baseline.Item.ToErrors());
    }

    private struct Bin
    {
        public long Count;
        public double Said;
        public double CameTrue;
        public double Error;

        public void Add(double said, double cameTrue, double error)
        {
            Count++;
            Said += said;
            CameTrue += cameTrue;
            Error += error;
        }

        public readonly double Mean(double sum) => Rounded(sum / Count);
    }
}
