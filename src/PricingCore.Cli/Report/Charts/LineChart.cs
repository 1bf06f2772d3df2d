using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>A line of a chart: one value a step, not a number where there is none.</summary>
/// <param name="Name">Shown at the end of the line.</param>
/// <param name="Values">As many values as the axis has steps.</param>
internal sealed record LineSeries(string Name, IReadOnlyList<double> Values);

/// <summary>Lines over time, labelled at their ends, with shades behind them.</summary>
internal sealed record LineChart : IReportChart
{
    private const int Left = 56;
    private const int Top = 30;
    private const int LabelSpacing = 15;

    /// <summary>What is measured, with its unit; stands above the vertical axis.</summary>
    public required string Unit { get; init; }

    /// <summary>The horizontal axis.</summary>
    public required TimeAxis Axis { get; init; }

    /// <summary>The lines; the first five have colours of their own.</summary>
    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>Shades behind the lines.</summary>
    public IReadOnlyList<TimeMark> Marks { get; init; } = [];

    /// <summary>The value the vertical axis starts at, unless a line lies lower; zero unless set.</summary>
    public double Floor { get; init; }

    /// <summary>Decimals of the values in tips; none unless set.</summary>
    public int Decimals { get; init; }

    /// <summary>Width of the drawing in its own units.</summary>
    public int Width { get; init; } = 960;

    /// <summary>Height of the drawing in its own units.</summary>
    public int Height { get; init; } = 270;

    private int LabelWidth => 24 + (7 * Math.Clamp(Series.Select(line => line.Name.Length).DefaultIfEmpty().Max(), 12, 24));

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        double high = Series.SelectMany(line => line.Values).Where(double.IsFinite).DefaultIfEmpty(Floor + 1).Max();
        double low = Series.SelectMany(line => line.Values).Where(double.IsFinite).DefaultIfEmpty(Floor).Min();
        ChartFrame frame = new(Left, Top, Width - Left - LabelWidth, Height - Top - 28, Axis, ValueScale.Around(Math.Min(Floor, low), high, 4));

        string spoken = $"{Unit}: {string.Join(", ", Series.Select(line => line.Name))}";
        page.Add($"<div class=\"wide\"><svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{spoken}\">");
        page.Add($"<text class=\"unit\" x=\"0\" y=\"12\">{Unit}</text>");
        frame.AppendMarks(page, Marks, named: true);
        frame.AppendGrid(page, timeTicks: 12);
        for (int i = 0; i < Series.Count; i++)
        {
            page.Add($"<path class=\"line s{i % 5}\" d=\"{frame.PathOf(Series[i].Values)}\"></path>");
        }

        AppendLabels(page, frame);
        frame.AppendTips(page, TipOf);
        page.Add($"</svg></div>\n");
    }

    private string TipOf(int step)
    {
        string format = "N" + Decimals;
        IEnumerable<string> values = Series
            .Where(line => double.IsFinite(line.Values[step]))
            .Select(line => $"{line.Name}: {line.Values[step].ToString(format, CultureInfo.InvariantCulture)}");
        return string.Join('\n', values.Prepend(Axis.Name(step)));
    }

    private void AppendLabels(Markup page, ChartFrame frame)
    {
        var labels = Series
            .Select((line, index) => (line.Name, Index: index, Last: line.Values.LastOrDefault(double.IsFinite, double.NaN)))
            .Where(label => double.IsFinite(label.Last))
            .OrderByDescending(label => label.Last)
            .ToList();

        // Pushed apart downwards, then as a whole back up when they would leave the drawing.
        double[] at = new double[labels.Count];
        for (int i = 0; i < at.Length; i++)
        {
            double wanted = frame.Y(labels[i].Last) + 4;
            at[i] = i == 0 ? Math.Max(wanted, Top) : Math.Max(wanted, at[i - 1] + LabelSpacing);
        }

        double excess = at.Length == 0 ? 0 : Math.Max(0, at[^1] - (frame.Bottom + 4));
        for (int i = 0; i < at.Length; i++)
        {
            page.Add($"<text class=\"label t{labels[i].Index % 5}\" x=\"{frame.Right + 8}\" y=\"{at[i] - excess}\">{labels[i].Name}</text>");
        }
    }
}
