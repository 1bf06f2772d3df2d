using PricingCore.Cli.Report;
using PricingCore.Cli.Report.Charts;

namespace PricingCore.Cli.Tests.Report;

/// <summary>
/// Goal: scales end on round numbers that hold the data, and charts survive data that is empty, flat or full of gaps.
/// Method: hand-made cases whose answers can be worked out on paper.
/// </summary>
public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 412, 4, 0, 600, 200)]
    [InlineData(1, 2.93, 4, 1, 3, 0.5)]
    [InlineData(0, 0, 4, 0, 1, 0.5)]
    [InlineData(double.NaN, double.NaN, 4, 0, 1, 0.5)]
    public void Around_WhenGivenAnExtent_EndsOnRoundNumbers(double low, double high, int ticks, double expectedLow, double expectedHigh, double step)
    {
        ValueScale scale = ValueScale.Around(low, high, ticks);

        Assert.Equal((expectedLow, expectedHigh, step), (scale.Low, scale.High, scale.Step));
    }

    [Theory]
    [InlineData(15, 96, "03:00")]
    [InlineData(60, 24 * 7, "Tue 2")]
    [InlineData(60, 24 * 30, "8 Jun")]
    public void Ticks_WhenTheAxisIsOfAnyLength_AreFewAndOnFullHours(int stepMinutes, int count, string second)
    {
        TimeAxis axis = new(new DateTime(2026, 6, 1), TimeSpan.FromMinutes(stepMinutes), count);
        IReadOnlyList<(DateTime Time, string Label)> ticks = axis.Ticks(9);

        Assert.InRange(ticks.Count, 2, 10);
        Assert.Equal(second, ticks[1].Label);
    }

    [Fact]
    public void Bucket_WhenValuesSpanDecades_CountsEveryOneOnce()
    {
        double[] values = [1, 1.5, 9.99, 10, 100, 999];
        IReadOnlyList<HistogramBucket> buckets = Histogram.Bucket(values, 2);

        Assert.Equal(values.Length, buckets.Sum(bucket => bucket.Count));
        Assert.All(values, value => Assert.Contains(buckets, bucket => bucket.From <= value && value < bucket.To && bucket.Count > 0));
    }

    [Fact]
    public void AppendTo_WhenThereIsNoData_StillGivesAPage()
    {
        TimeAxis axis = new(new DateTime(2026, 6, 1), TimeSpan.FromHours(1), 3);
        double[] gaps = [double.NaN, 2, double.NaN];
        IReportChart[] charts =
        [
            new LineChart { Unit = "u", Axis = axis, Series = [] },
            new LineChart { Unit = "u", Axis = axis, Series = [new LineSeries("gaps", gaps), new LineSeries("none", [double.NaN, double.NaN, double.NaN])] },
            new SmallMultiples { Unit = "u", Axis = axis, Panels = [] },
            new HeatMap { Unit = "u", Rows = ["a"], Columns = ["0"], Values = [[double.NaN]] },
            new Waterfall { CurrencyCode = "USD", Decimals = 2, Steps = [] },
            new Histogram { Unit = "us", Counted = "quotes", Buckets = Histogram.Bucket([], 10) },
            new Comparison { First = "a", Second = "b", Rows = [] },
        ];

        string html = HtmlReport.Build(new ReportData { Title = "t", Lead = "l", Command = "c", Sections = [new ReportSection("s", "n", charts)] });

        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Contains("h1", Assert.Single(HtmlReportTests.Parse(html).Descendants("path"), path => (string?)path.Attribute("d") is { Length: > 0 }).Attribute("d")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void AppendTo_WhenAPartOfAPriceIsZero_NamesItInsteadOfDrawingIt()
    {
        Markup page = new();
        new Waterfall { CurrencyCode = "JPY", Decimals = 0, Steps = [new("base", 1_000), new("rain", 0), new("demand", 250)] }.AppendTo(page);
        string html = page.ToString();

        Assert.Equal(3, html.Split("<rect").Length - 1);
        Assert.Contains("Zero here: rain.", html, StringComparison.Ordinal);
        Assert.Contains("1,250 JPY", html, StringComparison.Ordinal);
    }
}
