using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>How often each size of a value occurs, on a logarithmic axis, with named quantiles.</summary>
internal sealed record Histogram : IReportChart
{
    private const int Width = 760;
    private const int Height = 240;
    private const int Left = 56;
    private const int Top = 34;
    private static readonly int[] AxisOfFewDecades = [1, 2, 5];
    private static readonly int[] AxisOfManyDecades = [1];

    /// <summary>The unit of the values, for example <c>µs</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>What is counted, for example <c>quotes</c>.</summary>
    public required string Counted { get; init; }

    /// <summary>The buckets, low to high; each end is more than zero and the next one's begin.</summary>
    public required IReadOnlyList<HistogramBucket> Buckets { get; init; }

    /// <summary>Values to mark with a line, for example p50 and p99.</summary>
    public IReadOnlyList<HistogramMark> Marks { get; init; } = [];

    /// <summary>Puts values into buckets of equal width on the logarithmic axis.</summary>
    /// <param name="sorted">Values more than zero, ascending.</param>
    /// <param name="bucketsPerDecade">Buckets between 1 and 10.</param>
    public static IReadOnlyList<HistogramBucket> Bucket(IReadOnlyList<double> sorted, int bucketsPerDecade)
    {
        if (sorted.Count == 0)
        {
            return [];
        }

        int first = (int)Math.Floor(Math.Log10(sorted[0]) * bucketsPerDecade);
        int last = (int)Math.Floor(Math.Log10(sorted[^1]) * bucketsPerDecade);
        long[] counts = new long[last - first + 1];
        foreach (double value in sorted)
        {
            counts[Math.Clamp((int)Math.Floor(Math.Log10(value) * bucketsPerDecade) - first, 0, counts.Length - 1)]++;
        }

        double Edge(int index) => Math.Pow(10, (double)index / bucketsPerDecade);
        return [.. counts.Select((count, index) => new HistogramBucket(Edge(first + index), Edge(first + index + 1), count))];
    }

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        if (Buckets.Count == 0)
        {
            page.Add($"<p class=\"note\">No {Counted}.</p>\n");
            return;
        }

        double total = Math.Max(1, Buckets.Sum(bucket => bucket.Count));
        ValueScale scale = ValueScale.Around(0, Buckets.Max(bucket => bucket.Count) / total * 100, 4);
        double low = Math.Log10(Buckets[0].From);
        double high = Math.Log10(Buckets[^1].To);
        double X(double value) => Left + ((Width - Left - 20) * Math.Clamp((Math.Log10(value) - low) / (high - low), 0, 1));
        double Y(double percent) => Top + ((Height - Top - 44) * (1 - scale.Share(percent)));

        page.Add($"<div class=\"narrow\"><svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Share of {Counted} by {Unit}\">");
        page.Add($"<text class=\"unit\" x=\"0\" y=\"12\">% of {Counted}</text>");
        foreach (double percent in scale.Ticks())
        {
            page.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - 20}\" y1=\"{Y(percent)}\" y2=\"{Y(percent)}\"></line>");
            page.Add($"<text class=\"tick end\" x=\"{Left - 6}\" y=\"{Y(percent) + 4}\">{scale.Format(percent)}</text>");
        }

        foreach (HistogramBucket bucket in Buckets)
        {
            double percent = bucket.Count / total * 100;
            string tip = string.Create(CultureInfo.InvariantCulture, $"{bucket.From:0.#} to {bucket.To:0.#} {Unit}\n{bucket.Count:N0} {Counted}, {percent:0.00} %");
            double width = Math.Max(1, X(bucket.To) - X(bucket.From) - 1);
            page.Add($"<rect class=\"bar base\" x=\"{X(bucket.From)}\" y=\"{Y(percent)}\" ");
            page.Add($"width=\"{width}\" height=\"{Y(0) - Y(percent)}\" data-tip=\"{tip}\"></rect>");
        }

        AppendMarks(page, X, Y(0));
        AppendDecades(page, X, low, high, Y(0));
        page.Add($"</svg></div>\n");
    }

    private void AppendMarks(Markup page, Func<double, double> x, double bottom)
    {
        foreach ((int index, HistogramMark mark) in Marks.Index())
        {
            int y = Top - 8 - (index * 14); // Names stand above each other, so that close marks can still be read.
            double at = x(mark.Value);
            string said = string.Create(CultureInfo.InvariantCulture, $"{mark.Name} {mark.Value:#,0.#} {Unit}");
            page.Add($"<line class=\"quantile\" x1=\"{at}\" x2=\"{at}\" y1=\"{y + 3}\" y2=\"{bottom}\"></line>");
            page.Add($"<text class=\"label mid\" x=\"{Math.Clamp(at, Left + 60, Width - 60)}\" y=\"{y}\">{said}</text>");
        }
    }

    private void AppendDecades(Markup page, Func<double, double> x, double low, double high, double bottom)
    {
        for (int decade = (int)Math.Floor(low); decade <= high; decade++)
        {
            foreach (int lead in high - low > 3 ? AxisOfManyDecades : AxisOfFewDecades)
            {
                double value = lead * Math.Pow(10, decade);
                if (Math.Log10(value) >= low && Math.Log10(value) <= high)
                {
                    page.Add($"<line class=\"axis\" x1=\"{x(value)}\" x2=\"{x(value)}\" y1=\"{bottom}\" y2=\"{bottom + 4}\"></line>");
                    page.Add($"<text class=\"tick mid\" x=\"{x(value)}\" y=\"{bottom + 17}\">{value.ToString("#,0.##", CultureInfo.InvariantCulture)}</text>");
                }
            }
        }

        page.Add($"<text class=\"unit mid\" x=\"{(Left + Width) / 2}\" y=\"{bottom + 36}\">{Unit}, logarithmic</text>");
    }
}

/// <summary>Values from <paramref name="From"/> to just below <paramref name="To"/>.</summary>
internal sealed record HistogramBucket(double From, double To, long Count);

/// <summary>A named value on the horizontal axis.</summary>
internal sealed record HistogramMark(string Name, double Value);
