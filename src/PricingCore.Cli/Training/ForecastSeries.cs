using System.Globalization;
using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;
using PricingCore.Forecasts;

namespace PricingCore.Cli.Training;

/// <summary>Draws forecasts and what then happened over time.</summary>
internal static class ForecastSeries
{
    private const int MostSteps = 200;
    private const int DaysInDetail = 7;

    private static readonly double[] StepHours = [1, 2, 3, 6, 12, 24, 48, 168];

    /// <summary>The whole scored time, all regions together, and the last week of the busiest region with its interval.</summary>
    public static IEnumerable<ReportSection> Sections(ScoredHistory scored)
    {
        int longest = scored.Rows.HorizonsMinutes.Count - 1;
        int minutes = scored.Rows.HorizonsMinutes[longest];
        Point[] points = [.. scored.Forecasts(longest).Select(found => PointOf(scored, found.Row, longest, found.Forecast))];
        if (points.Length == 0)
        {
            yield break;
        }

        string unit = string.Create(CultureInfo.InvariantCulture, $"demand within {minutes} min, mean of a region");
        DateTime first = points[0].At;
        double hours = (points[^1].At - first).TotalHours + 1;
        double step = StepHours.FirstOrDefault(candidate => hours / candidate <= MostSteps, StepHours[^1]);
        yield return new ReportSection(
            "Forecasts and what then happened",
            "All regions, over the whole time that was scored.",
            [Chart(points, first.Date, step, (int)Math.Ceiling((points[^1].At - first.Date).TotalHours / step) + 1, unit, withInterval: false)]);

        string busiest = points.GroupBy(point => point.Region).OrderByDescending(group => group.Sum(point => point.Actual)).ThenBy(group => group.Key, StringComparer.Ordinal).First().Key;
        DateTime from = points[^1].At.Date.AddDays(1 - DaysInDetail);
        from = from < first.Date ? first.Date : from;
        Point[] detail = [.. points.Where(point => point.Region == busiest && point.At >= from)];
        if (detail.Length > 0)
        {
            yield return new ReportSection(
                $"The last days of {busiest}, hour by hour",
                "The busiest region: forecast, what then happened, and the interval that is to hold four times out of five.",
                [Chart(detail, from, 1, (int)(detail[^1].At - from).TotalHours + 1, unit, withInterval: true)]);
        }
    }

    private static LineChart Chart(Point[] points, DateTime start, double stepHours, int steps, string unit, bool withInterval)
    {
        var sums = new (double Actual, double Forecast, double Low, double High, int Count)[steps];
        foreach (Point point in points)
        {
            ref (double Actual, double Forecast, double Low, double High, int Count) sum =
                ref sums[Math.Clamp((int)((point.At - start).TotalHours / stepHours), 0, steps - 1)];
            sum = (sum.Actual + point.Actual, sum.Forecast + point.Forecast, sum.Low + point.Low, sum.High + point.High, sum.Count + 1);
        }

        double[] Mean(Func<(double Actual, double Forecast, double Low, double High, int Count), double> part) =>
            [.. sums.Select(sum => sum.Count == 0 ? double.NaN : part(sum) / sum.Count)];
        LineSeries[] interval = withInterval ? [new("low", Mean(sum => sum.Low)), new("high", Mean(sum => sum.High))] : [];
        return new LineChart
        {
            Unit = unit,
            Axis = new TimeAxis(start, TimeSpan.FromHours(stepHours), steps),
            Decimals = 1,
            Height = 300,
            Series = [new("forecast", Mean(sum => sum.Forecast)), new("happened", Mean(sum => sum.Actual)), .. interval],
        };
    }

    private static Point PointOf(ScoredHistory scored, int row, int horizon, in Forecast forecast)
    {
        double unit = scored.UnitsPerBooking;
        DateTime at = TimeZoneInfo.ConvertTime(scored.Rows.TimeOf(row), scored.Clock).DateTime;
        return new Point(
            at, scored.Rows.RegionOf(row), scored.Rows.DemandOf(row, horizon) * unit, forecast.ExpectedDemand * unit, forecast.Low * unit, forecast.High * unit);
    }

    private readonly record struct Point(DateTime At, string Region, double Actual, double Forecast, double Low, double High);
}
