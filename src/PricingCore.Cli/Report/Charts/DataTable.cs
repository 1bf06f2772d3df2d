namespace PricingCore.Cli.Report.Charts;

/// <summary>A plain table; columns after the first are numbers and stand right.</summary>
internal sealed record DataTable : IReportChart
{
    /// <summary>Names of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The rows, formatted; as many cells as there are columns.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Rows { get; init; }

    /// <inheritdoc/>
    public void AppendTo(Markup page)
    {
        page.Add($"<div class=\"table\"><table><thead><tr>");
        foreach (string column in Columns)
        {
            page.Add($"<th scope=\"col\">{column}</th>");
        }

        page.Add($"</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in Rows)
        {
            page.Add($"<tr>");
            foreach (string cell in row)
            {
                page.Add($"<td>{cell}</td>");
            }

            page.Add($"</tr>\n");
        }

        page.Add($"</tbody></table></div>\n");
    }
}
