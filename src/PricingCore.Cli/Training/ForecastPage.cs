using System.Globalization;
using System.Text;
using PricingCore.Cli.Replay.Answers;
using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;
using PricingCore.Forecasts.Models;
using PricingCore.Training.Metrics;

namespace PricingCore.Cli.Training;

/// <summary>Turns a model's errors on a history into a page with charts.</summary>
internal static class ForecastPage
{
    private const int Features = 20;
    private const double PromisedCoverage = 0.8;

    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public static void Write(string path, ScoredHistory scored, string command, string title)
    {
        using OutputFile file = OutputFile.Create(path);
        file.Content.Write(Encoding.UTF8.GetBytes(HtmlReport.Build(Of(scored, command, title))));
        file.Commit();
    }

    internal static ReportData Of(ScoredHistory scored, string command, string title)
    {
        ModelManifest model = scored.Manifest;
        HorizonReport longest = scored.Report.Horizons[^1];
        ForecastErrors best = longest.Metrics.Baselines.Values.MinBy(errors => errors.Wape)!;
        return new ReportData
        {
            Title = title,
            Lead = Text($"{longest.Metrics.HorizonMinutes} minutes ahead the forecasts are off by {Percent(longest.Metrics.Model.Wape)} of the demand; the best simple forecast by {Percent(best.Wape)}."),
            Command = command,
            Facts =
            [
                new("Status", model.Status),
                new("Schema", model.Schema.Name),
                new("Scale", model.HyperParameters.GetValueOrDefault("scale_feature", "–")),
                new("Trees", model.HyperParameters.GetValueOrDefault("trees", "–")),
                new("Events", Text($"{scored.Rows.Events:N0}")),
                new("Rows", Text($"{scored.Rows.Count:N0}")),
                new("Fitted until", model.HyperParameters.GetValueOrDefault("fitted_until", "–")),
                new("Scored from", Local(scored, scored.Report.From)),
                new("Scored to", Local(scored, scored.Report.To)),
            ],
            Sections =
            [
                Errors(scored),
                .. scored.Report.Horizons.Select(ByHour),
                .. ForecastSeries.Sections(scored),
                Calibration(longest),
                Importance(model),
            ],
        };
    }

    private static ReportSection Errors(ScoredHistory scored)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (HorizonReport horizon in scored.Report.Horizons)
        {
            Add("model", horizon.Metrics.Model, Percent(horizon.Coverage));
            foreach ((string name, ForecastErrors errors) in horizon.Metrics.Baselines)
            {
                Add(Said(name), errors, "");
            }

            void Add(string name, ForecastErrors errors, string coverage) => rows.Add(
                [Text($"{horizon.Metrics.HorizonMinutes} min: {name}"), Percent(errors.Wape), Text($"{errors.Mae:N2}"), Text($"{errors.Rmse:N2}"), Text($"{errors.Rmsle:0.000}"), coverage]);
        }

        return new ReportSection(
            scored.Report.BeatsBaselines ? "The model is better than every simple forecast" : "The model is not better than every simple forecast",
            "All on the same rows. The model has not seen what lies after 'fitted until'. WAPE is the sum of all errors over the sum of the demand; inside is the share of demand between low and high, which is to be 80 %.",
            [new DataTable { Columns = ["", "WAPE", "MAE", "RMSE", "RMSLE", "inside"], Rows = rows }]);
    }

    private static ReportSection ByHour(HorizonReport horizon)
    {
        double[] Of(Func<HourReport, double> measure)
        {
            double[] values = [.. Enumerable.Repeat(double.NaN, 24)];
            foreach (HourReport hour in horizon.ByHour)
            {
                values[hour.Hour] = measure(hour);
            }

            return values;
        }

        var axis = new TimeAxis(DateTime.UnixEpoch, TimeSpan.FromHours(1), 24);
        HourReport worst = horizon.ByHour.MaxBy(hour => hour.Model.Mae)!;
        return new ReportSection(
            Text($"{horizon.Metrics.HorizonMinutes} minutes ahead: the largest errors begin at {worst.Hour:00}:00"),
            "Mean error by local hour, beside the simple forecasts; below, the mean demand.",
            [
                new LineChart
                {
                    Unit = "mean absolute error", Axis = axis, Decimals = 2,
                    Series =
                    [
                        new("model", Of(hour => hour.Model.Mae)),
                        .. horizon.Metrics.Baselines.Keys.Select(name => new LineSeries(Said(name), Of(hour => hour.Baselines[name].Mae))),
                    ],
                },
                new LineChart { Unit = "mean demand", Axis = axis, Decimals = 1, Height = 150, Series = [new("demand", Of(hour => hour.MeanDemand))] },
            ]);
    }

    private static ReportSection Calibration(HorizonReport horizon) => new(
        Text($"{Percent(horizon.Coverage)} of the demand lay between low and high"),
        "First: the demand score said against the one that came true; on the line they are the same. Second: how often the interval held, by the confidence said; the line is the 80 % that was promised. Larger points stand for more forecasts.",
        [
            new PointChart
            {
                Across = "demand score, said", Up = "demand score, came true",
                Points = [.. horizon.Score.Select(bin => new ChartPoint(bin.Said, bin.CameTrue, bin.Rows))],
            },
            new PointChart
            {
                Across = "confidence, said", Up = "share inside the interval", Level = PromisedCoverage,
                Points = [.. horizon.Confidence.Select(bin => new ChartPoint(bin.Said, bin.Coverage, bin.Rows))],
            },
            new DataTable
            {
                Columns = ["confidence", "forecasts", "inside", "relative error"],
                Rows = [.. horizon.Confidence.Select(bin => (IReadOnlyList<string>)
                    [Text($"{bin.Said:0.00}"), Text($"{bin.Rows:N0}"), Percent(bin.Coverage), Text($"{bin.RelativeError:0.000}")])],
            },
        ]);

    private static ReportSection Importance(ModelManifest model) => new(
        model.FeatureImportance.Count == 0 ? "No feature was used" : Text($"{model.FeatureImportance[0].Feature} helps most"),
        Text($"How much each feature lowered the training error, in percent of all; the first {Features}."),
        [
            new BarList
            {
                Unit = "% of the gain",
                Bars = [.. model.FeatureImportance.Take(Features).Select(gain => (gain.Feature, gain.Gain, Percent(gain.Gain)))],
            },
        ]);

    private static string Said(string baseline) => baseline.Replace('_', ' ');

    private static string Percent(double share) => double.IsFinite(share) ? Text($"{share * 100:0.0} %") : "–";

    private static string Local(ScoredHistory scored, DateTimeOffset time) => Text($"{TimeZoneInfo.ConvertTime(time, scored.Clock):yyyy-MM-dd HH:mm}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
