namespace PricingCore.Cli.Report.Charts;

/// <summary>Named bars below each other, the longest as wide as the drawing.</summary>
internal sealed record BarList : IReportChart
{
    private const int Width = 760;
    private const int Left = 260;
    private const int BarsWidth = 420;
    private const int RowHeight = 20;

    /// <summary>What is measured; stands above.</summary>
    public required string Unit { get; init; }

    /// <summary>The bars with the text at their ends, in the order that they are shown.</summary>
    public required IReadOnlyList<(string Name, double Value, string Text)> Bars { get; init; }

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        double most = Math.Max(1e-9, Bars.Select(bar => bar.Value).DefaultIfEmpty().Max());
        page.Add($"<div class=\"narrow\"><svg class=\"chart\" viewBox=\"0 0 {Width} {(Bars.Count * RowHeight) + 24}\" role=\"img\" aria-label=\"{Unit}\">");
        page.Add($"<text class=\"unit\" x=\"{Left}\" y=\"12\">{Unit}</text>");
        foreach ((int index, (string name, double value, string text)) in Bars.Index())
        {
            int y = 20 + (index * RowHeight);
            double wide = BarsWidth * Math.Max(0, value) / most;
            page.Add($"<text class=\"tick end\" x=\"{Left - 8}\" y=\"{y + 12}\">{name}</text>");
            page.Add($"<rect class=\"bar base\" x=\"{Left}\" y=\"{y}\" width=\"{Math.Max(1, wide)}\" height=\"{RowHeight - 4}\"></rect>");
            page.Add($"<text class=\"label\" x=\"{Left + wide + 8}\" y=\"{y + 12}\">{text}</text>");
        }

        page.Add($"</svg></div>\n");
    }
}
