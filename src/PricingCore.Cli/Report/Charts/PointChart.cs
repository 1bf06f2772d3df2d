using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>What was said against what came true, both from 0 to 1: points by how many cases they stand for, with a line to compare them with.</summary>
internal sealed record PointChart : IReportChart
{
    private const int Size = 260;
    private const int Left = 48;
    private const int Top = 24;
    private const int Width = 760; // As wide as other narrow charts, so that its letters are as large.
    private const double LargestRadius = 11;

    /// <summary>What stands on the horizontal axis.</summary>
    public required string Across { get; init; }

    /// <summary>What stands on the vertical axis.</summary>
    public required string Up { get; init; }

    /// <summary>The points.</summary>
    public required IReadOnlyList<ChartPoint> Points { get; init; }

    /// <summary>The height of a level line; the diagonal is drawn when it is null.</summary>
    public double? Level { get; init; }

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        double X(double share) => Left + (Size * Math.Clamp(share, 0, 1));
        double Y(double share) => Top + (Size * (1 - Math.Clamp(share, 0, 1)));
        double most = Math.Max(1, Points.Select(point => point.Cases).DefaultIfEmpty().Max());

        page.Add($"<div class=\"narrow\"><svg class=\"chart\" viewBox=\"0 0 {Width} {Top + Size + 44}\" role=\"img\" aria-label=\"{Up} by {Across}\">");
        page.Add($"<text class=\"unit\" x=\"0\" y=\"12\">{Up}</text>");
        for (int tick = 0; tick <= 5; tick++)
        {
            string label = (tick / 5d).ToString("0.0", CultureInfo.InvariantCulture);
            page.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Size}\" y1=\"{Y(tick / 5d)}\" y2=\"{Y(tick / 5d)}\"></line>");
            page.Add($"<text class=\"tick end\" x=\"{Left - 6}\" y=\"{Y(tick / 5d) + 4}\">{label}</text>");
            page.Add($"<text class=\"tick mid\" x=\"{X(tick / 5d)}\" y=\"{Top + Size + 17}\">{label}</text>");
        }

        double begin = Level ?? 0;
        double end = Level ?? 1;
        page.Add($"<line class=\"quantile\" x1=\"{X(0)}\" x2=\"{X(1)}\" y1=\"{Y(begin)}\" y2=\"{Y(end)}\"></line>");
        foreach (ChartPoint point in Points)
        {
            string tip = string.Create(CultureInfo.InvariantCulture, $"said {point.Said:0.00}\ncame true {point.CameTrue:0.00}\n{point.Cases:N0} cases");
            double radius = Math.Max(2.5, LargestRadius * Math.Sqrt(point.Cases / most));
            page.Add($"<circle class=\"bar base\" cx=\"{X(point.Said)}\" cy=\"{Y(point.CameTrue)}\" r=\"{radius}\" data-tip=\"{tip}\"></circle>");
        }

        page.Add($"<text class=\"unit mid\" x=\"{Left + (Size / 2)}\" y=\"{Top + Size + 38}\">{Across}</text></svg></div>\n");
    }
}

/// <summary>Cases of which the same was said.</summary>
/// <param name="Said">What was said, 0 to 1.</param>
/// <param name="CameTrue">What came true, 0 to 1.</param>
/// <param name="Cases">How many there were.</param>
internal sealed record ChartPoint(double Said, double CameTrue, long Cases);
