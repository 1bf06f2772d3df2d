using System.Globalization;

namespace PricingCore.Cli.Report.Charts;

/// <summary>A table drawn in nine colours, dark to bright: rows are regions, columns are hours.</summary>
internal sealed record HeatMap : IReportChart
{
    private const int Levels = 9;
    private const int Left = 168;
    private const int Top = 48;
    private const int CellHeight = 13;
    private const int Width = 960;

    /// <summary>What the colours show; stands beside the legend.</summary>
    public required string Unit { get; init; }

    /// <summary>Names of the rows.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Names of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The values, row by row; not a number where there is none.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Values { get; init; }

    /// <summary>What the tip of a cell without a value says.</summary>
    public string Missing { get; init; } = "no quote";

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        List<double> known = [.. Values.SelectMany(row => row).Where(double.IsFinite)];
        double low = known.Count == 0 ? 0 : known.Min();
        double high = known.Count == 0 ? 1 : Math.Max(known.Max(), low + 0.01);
        double cell = (double)(Width - Left) / Math.Max(1, Columns.Count);
        int height = Top + (Rows.Count * CellHeight) + 4;

        page.Add($"<div class=\"wide\"><svg class=\"chart heat\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Unit}\">");
        AppendLegend(page, low, high);
        for (int column = 0; column < Columns.Count; column++)
        {
            page.Add($"<text class=\"tick mid\" x=\"{Left + ((column + 0.5) * cell)}\" y=\"{Top - 6}\">{Columns[column]}</text>");
        }

        for (int row = 0; row < Rows.Count; row++)
        {
            double y = Top + (row * CellHeight);
            page.Add($"<text class=\"tick end\" x=\"{Left - 8}\" y=\"{y + 10}\">{Shorten(Rows[row])}</text>");
            for (int column = 0; column < Columns.Count; column++)
            {
                AppendCell(page, row, column, Left + (column * cell), y, cell, LevelOf(Values[row][column], low, high));
            }
        }

        page.Add($"</svg></div>\n");
    }

    private void AppendCell(Markup page, int row, int column, double x, double y, double width, int level)
    {
        double value = Values[row][column];
        string said = double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : Missing;
        string tip = $"{Rows[row]}\n{Columns[column]} h: {said}";
        string colour = level < 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"h{level}");
        page.Add($"<rect class=\"cell {colour}\" x=\"{x}\" y=\"{y}\" width=\"{width - 1}\" height=\"{CellHeight - 1}\" data-tip=\"{tip}\"></rect>");
    }

    private void AppendLegend(Markup page, double low, double high)
    {
        const int Swatch = 44;
        page.Add($"<text class=\"unit\" x=\"{Left}\" y=\"11\">{Unit}</text>");
        for (int level = 0; level < Levels; level++)
        {
            double x = Width - ((Levels - level) * Swatch);
            page.Add($"<rect class=\"cell h{level}\" x=\"{x}\" y=\"0\" width=\"{Swatch}\" height=\"9\"></rect>");
            if (level < Levels - 1) // The last swatch has its upper end named instead.
            {
                string begin = (low + ((high - low) * level / Levels)).ToString("0.00", CultureInfo.InvariantCulture);
                page.Add($"<text class=\"tick\" x=\"{x}\" y=\"21\">{begin}</text>");
            }
        }

        page.Add($"<text class=\"tick end\" x=\"{Width}\" y=\"21\">{high.ToString("0.00", CultureInfo.InvariantCulture)}</text>");
    }

    private static int LevelOf(double value, double low, double high) =>
        double.IsFinite(value) ? Math.Clamp((int)((value - low) / (high - low) * Levels), 0, Levels - 1) : -1;

    private static string Shorten(string name) => name.Length <= 26 ? name : string.Concat(name.AsSpan(0, 25), "…");
}
