using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>How a price comes about: each row starts where the one above it ended.</summary>
internal sealed record Waterfall : IReportChart
{
    private const int Width = 760;
    private const int Left = 190;
    private const int Right = 110;
    private const int RowHeight = 28;

    /// <summary>The currency's code.</summary>
    public required string CurrencyCode { get; init; }

    /// <summary>Decimals of the currency: 0, 2 or 3.</summary>
    public required int Decimals { get; init; }

    /// <summary>The amounts in order, the base first; those that are zero are named below the chart instead of drawn.</summary>
    public required IReadOnlyList<WaterfallStep> Steps { get; init; }

    /// <summary>Name of the last row, which holds the sum.</summary>
    public string TotalName { get; init; } = "price";

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        List<WaterfallStep> drawn = [.. Steps.Where((step, index) => index == 0 || step.MinorUnits != 0)];
        (double low, double high) = Extent(drawn);
        int height = ((drawn.Count + 1) * RowHeight) + 8;
        double Position(long minorUnits) => Left + ((Width - Left - Right) * (minorUnits - low) / (high - low));

        page.Add($"<div class=\"narrow\"><svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Parts of a price in {CurrencyCode}\">");
        long sum = 0;
        for (int i = 0; i < drawn.Count; i++)
        {
            (string name, long amount) = drawn[i];
            string look = i == 0 ? "base" : amount > 0 ? "up" : "down";
            AppendRow(page, i, name, look, Position(sum), Position(sum + amount), (i == 0 ? "" : amount > 0 ? "+" : "−") + Money(Math.Abs(amount)));
            sum += amount;
            double x = Position(sum);
            page.Add($"<line class=\"axis\" x1=\"{x}\" x2=\"{x}\" y1=\"{((i + 1) * RowHeight) - 4}\" y2=\"{((i + 1) * RowHeight) + 4}\"></line>");
        }

        AppendRow(page, drawn.Count, TotalName, "total", Position(0), Position(sum), $"{Money(sum)} {CurrencyCode}");
        page.Add($"</svg></div>\n");
        List<string> zeros = [.. Steps.Skip(1).Where(step => step.MinorUnits == 0).Select(step => step.Name)];
        if (zeros.Count > 0)
        {
            page.Add($"<p class=\"note\">Zero here: {string.Join(", ", zeros)}.</p>\n");
        }
    }

    private static void AppendRow(Markup page, int row, string name, string look, double from, double to, string amount)
    {
        double y = (row * RowHeight) + 4;
        double x = Math.Min(from, to);
        double width = Math.Max(1, Math.Abs(to - from));
        page.Add($"<text class=\"label end {look}\" x=\"{Left - 12}\" y=\"{y + 15}\">{name}</text>");
        page.Add($"<rect class=\"bar {look}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{RowHeight - 8}\" data-tip=\"{name}: {amount}\"></rect>");
        page.Add($"<text class=\"label {look}\" x=\"{x + width + 8}\" y=\"{y + 15}\">{amount}</text>");
    }

    private static (double Low, double High) Extent(List<WaterfallStep> steps)
    {
        long sum = 0;
        long low = 0;
        long high = 1;
        foreach (WaterfallStep step in steps)
        {
            sum += step.MinorUnits;
            low = Math.Min(low, sum);
            high = Math.Max(high, sum);
        }

        return (low, high);
    }

    private string Money(long minorUnits)
    {
        decimal perMajor = Decimals switch { 0 => 1, 2 => 100, _ => 1_000 };
        return (minorUnits / perMajor).ToString("N" + Decimals, CultureInfo.InvariantCulture);
    }
}

/// <summary>One part of a price.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="MinorUnits">What it adds, in minor units; may be negative.</param>
internal sealed record WaterfallStep(string Name, long MinorUnits);
