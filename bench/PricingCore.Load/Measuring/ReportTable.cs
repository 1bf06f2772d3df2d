using System.Globalization;
using System.Text;

namespace PricingCore.Load.Measuring;

/// <summary>Measurements as a table: for a terminal, or as Markdown.</summary>
internal static class ReportTable
{
    private static readonly string[] Heads = ["what", "measured", "by CPU time", "unit", "rival", "rival measured", "ratio", "budget", "verdict", "note"];

    public static string Text(IEnumerable<Measurement> results)
    {
        string[][] rows = [Heads, .. results.Select(Cells)];
        int[] widths = [.. Heads.Select((_, column) => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                bool isNumber = i is 1 or 2 or 5 or 6;
                text.Append(isNumber ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i])).Append("  ");
            }

            text.Length = text.ToString().TrimEnd().Length;
            text.AppendLine();
        }

        return text.ToString();
    }

    public static string Markdown(LoadReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{report.Command}`");
        text.AppendLine();
        text.AppendLine(report.Machine.ToString());
        text.AppendLine();
        text.AppendLine("| " + string.Join(" | ", Heads) + " |");
        text.AppendLine("|---|---:|---:|---|---|---:|---:|---|---|---|");
        foreach (Measurement result in report.Results)
        {
            text.AppendLine("| " + string.Join(" | ", Cells(result)) + " |");
        }

        return text.ToString();
    }

    private static string[] Cells(Measurement m) =>
    [
        m.Name,
        Number(m.Value),
        Number(m.Cpu),
        m.Unit,
        m.Rival ?? "",
        Number(m.RivalValue),
        m.Ratio is { } ratio ? ratio.ToString("F2", CultureInfo.InvariantCulture) + "x" : "",
        m.Budget ?? "",
        m.Skipped is not null ? "skipped" : m.Pass is { } pass ? pass ? "ok" : "MISSED" : "",
        m.Skipped ?? m.Note ?? "",
    ];

    private static string Number(double? value) => value switch
    {
        null => "",
        { } v when Math.Abs(v) >= 1_000 => v.ToString("N0", CultureInfo.InvariantCulture),
        { } v when Math.Abs(v) >= 10 => v.ToString("F1", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
