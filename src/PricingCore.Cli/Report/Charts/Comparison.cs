using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>Two runs side by side: a pair of bars a measure, each pair on its own scale, with the change.</summary>
internal sealed record Comparison : IReportChart
{
    private const int Width = 760;
    private const int Left = 200;
    private const int BarsWidth = 330;
    private const int RowHeight = 52;

    /// <summary>Name of the run whose values stand first.</summary>
    public required string First { get; init; }

    /// <summary>Name of the run it is compared with.</summary>
    public required string Second { get; init; }

    /// <summary>The measures.</summary>
    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        int height = (Rows.Count * RowHeight) + 26;
        page.Add($"<div class=\"narrow\"><svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{First} against {Second}\">");
        page.Add($"<text class=\"label t1\" x=\"{Left}\" y=\"12\">■ {First}</text><text class=\"label t5\" x=\"{Left + 130}\" y=\"12\">■ {Second}</text>");
        page.Add($"<text class=\"unit end\" x=\"{Width}\" y=\"12\">change</text>");
        for (int i = 0; i < Rows.Count; i++)
        {
            AppendRow(page, Rows[i], 26 + (i * RowHeight));
        }

        page.Add($"</svg></div>\n");
    }

    private static void AppendRow(Markup page, ComparisonRow row, int y)
    {
        double most = Math.Max(Math.Max(Math.Abs(row.First), Math.Abs(row.Second)), 1e-9);
        double first = BarsWidth * Math.Abs(row.First) / most;
        double second = BarsWidth * Math.Abs(row.Second) / most;
        page.Add($"<line class=\"grid\" x1=\"0\" x2=\"{Width}\" y1=\"{y - 3}\" y2=\"{y - 3}\"></line>");
        page.Add($"<text class=\"label end\" x=\"{Left - 12}\" y=\"{y + 19}\">{row.Name}</text>");
        page.Add($"<text class=\"tick end\" x=\"{Left - 12}\" y=\"{y + 34}\">{row.Unit}</text>");
        page.Add($"<rect class=\"bar on\" x=\"{Left}\" y=\"{y + 5}\" width=\"{Math.Max(1, first)}\" height=\"16\"></rect>");
        page.Add($"<text class=\"label\" x=\"{Left + first + 8}\" y=\"{y + 17}\">{row.Format(row.First)}</text>");
        page.Add($"<rect class=\"bar off\" x=\"{Left}\" y=\"{y + 24}\" width=\"{Math.Max(1, second)}\" height=\"16\"></rect>");
        page.Add($"<text class=\"label\" x=\"{Left + second + 8}\" y=\"{y + 36}\">{row.Format(row.Second)}</text>");
        page.Add($"<text class=\"label end\" x=\"{Width}\" y=\"{y + 27}\">{row.Change}</text>");
    }
}

/// <summary>One measure of two runs.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="First">The value of the first run.</param>
/// <param name="Second">The value of the second run.</param>
/// <param name="Decimals">Decimals to show.</param>
internal sealed record ComparisonRow(string Name, string Unit, double First, double Second, int Decimals = 0)
{
    /// <summary>The change from the second run to the first, in percent; a dash when the second is zero.</summary>
    public string Change =>
        Second == 0 ? "–" : ((First - Second) / Math.Abs(Second) * 100).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A value with the measure's decimals.</summary>
    public string Format(double value) => value.ToString("N" + Decimals, CultureInfo.InvariantCulture);
}
