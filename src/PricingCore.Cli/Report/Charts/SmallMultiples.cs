using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>One small line chart a region, all on the same scales, so that they can be compared by eye.</summary>
internal sealed record SmallMultiples : IReportChart
{
    private const int Width = 300;
    private const int Height = 118;
    private const int MostTips = 400;

    /// <summary>What is measured; said in tips.</summary>
    public required string Unit { get; init; }

    /// <summary>The horizontal axis of every panel.</summary>
    public required TimeAxis Axis { get; init; }

    /// <summary>The panels, the most interesting first.</summary>
    public required IReadOnlyList<SmallPanel> Panels { get; init; }

    /// <summary>Panels shown at once; the rest opens on a click.</summary>
    public int Shown { get; init; } = 9;

    /// <summary>Shades behind the lines.</summary>
    public IReadOnlyList<TimeMark> Marks { get; init; } = [];

    /// <summary>The value the vertical axes start at, unless a line lies lower.</summary>
    public double Floor { get; init; } = 1;

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        IEnumerable<double> values = Panels.SelectMany(panel => panel.Values).Where(double.IsFinite).DefaultIfEmpty(Floor).ToList();
        ValueScale scale = ValueScale.Around(Math.Min(Floor, values.Min()), values.Max(), 3);
        AppendGrid(page, Panels.Take(Shown), scale, withTips: Axis.Count <= MostTips);
        if (Panels.Count > Shown)
        {
            page.Add($"<details><summary>The other {Panels.Count - Shown} regions</summary>\n");
            AppendGrid(page, Panels.Skip(Shown), scale, withTips: false);
            page.Add($"</details>\n");
        }
    }

    private void AppendGrid(Markup page, IEnumerable<SmallPanel> panels, ValueScale scale, bool withTips)
    {
        page.Add($"<div class=\"multiples\">\n");
        foreach (SmallPanel panel in panels)
        {
            ChartFrame frame = new(34, 8, Width - 34 - 8, Height - 8 - 22, Axis, scale);
            page.Add($"<figure><figcaption><b>{panel.Name}</b> <span>{panel.Note}</span></figcaption>");
            page.Add($"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Unit} of {panel.Name}\">");
            frame.AppendMarks(page, Marks, named: false);
            frame.AppendGrid(page, timeTicks: 4);
            page.Add($"<path class=\"line s1\" d=\"{frame.PathOf(panel.Values)}\"></path>");
            if (withTips)
            {
                frame.AppendTips(page, step => TipOf(panel, step));
            }

            page.Add($"</svg></figure>\n");
        }

        page.Add($"</div>\n");
    }

    private string TipOf(SmallPanel panel, int step) =>
        double.IsFinite(panel.Values[step])
            ? string.Create(CultureInfo.InvariantCulture, $"{panel.Name}\n{Axis.Name(step)}: {panel.Values[step]:0.00}")
            : $"{panel.Name}\n{Axis.Name(step)}: no quote";
}

/// <summary>One panel: a region and its values.</summary>
/// <param name="Name">The region's name.</param>
/// <param name="Note">A few words beside the name.</param>
/// <param name="Values">As many values as the axis has steps; not a number where there is none.</param>
internal sealed record SmallPanel(string Name, string Note, IReadOnlyList<double> Values);
