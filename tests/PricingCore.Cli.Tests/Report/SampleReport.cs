using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;

namespace PricingCore.Cli.Tests.Report;

/// <summary>A small report with one chart of each kind, and any text wherever data may put text.</summary>
internal static class SampleReport
{
    public const int Steps = 96;
    public const int Regions = 12;

    public static ReportData With(string text)
    {
        TimeAxis axis = new(new DateTime(2026, 6, 5), TimeSpan.FromMinutes(15), Steps);
        double[] wave = [.. Enumerable.Range(0, Steps).Select(i => 200 + (150 * Math.Sin(i / 96.0 * 4 * Math.PI)))];
        double[] multiplier = [.. Enumerable.Range(0, Steps).Select(i => 1.3 + (0.4 * Math.Sin(i / 96.0 * 4 * Math.PI)))];
        TimeMark[] marks = [new(text, axis.TimeOf(48), axis.TimeOf(60)), new(text, axis.TimeOf(80), axis.TimeOf(90))];
        IReadOnlyList<HistogramBucket> buckets = Histogram.Bucket([.. Enumerable.Range(1, 1_000).Select(i => 3.0 + (i * i * 0.0003))], 10);
        return new ReportData
        {
            Title = text,
            Lead = text,
            Command = text,
            Facts = [new ReportFact(text, text), new ReportFact(text, text) { IsTiming = true }],
            Sections =
            [
                new ReportSection(text, text, [new LineChart { Unit = text, Axis = axis, Marks = marks, Series = [new LineSeries(text, wave), new LineSeries(text + "2", [.. wave.Select(v => v / 2)])] }]),
                new ReportSection(text, text, [new SmallMultiples { Unit = text, Axis = axis, Marks = marks, Panels = [.. Enumerable.Range(0, Regions).Select(i => new SmallPanel(text, text, multiplier))] }]),
                new ReportSection(text, text, [new HeatMap
                {
                    Unit = text,
                    Rows = [.. Enumerable.Repeat(text, Regions)],
                    Columns = [.. Enumerable.Range(0, 24).Select(hour => $"{hour:00}")],
                    Values = [.. Enumerable.Range(0, Regions).Select(row => (IReadOnlyList<double>)[.. Enumerable.Range(0, 24).Select(hour => hour == 3 ? double.NaN : 1 + (row * hour / 300.0))])],
                }]),
                new ReportSection(text, text, [new Waterfall { CurrencyCode = text, Decimals = 2, Steps = [new(text, 1_200), new(text, 480), new(text, 0), new(text, -120), new("rounding", -10)] }]),
                new ReportSection(text, text, [new Comparison { First = text, Second = text, Rows = [new(text, text, 120, 100), new(text, text, 0.5, 0, 2)] }]),
                new ReportSection(text, text, [new DataTable { Columns = [text, text], Rows = [[text, text], [text, text]] }]),
                new ReportSection(text, text, [new Histogram { Unit = text, Counted = text, Buckets = buckets, Marks = [new(text, 30), new("p99", 250)] }]) { IsTiming = true },
            ],
        };
    }
}
