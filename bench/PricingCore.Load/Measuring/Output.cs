using System.Text.Json;

namespace PricingCore.Load.Measuring;

/// <summary>Prints a report and writes it to the files that were asked for.</summary>
internal static class Output
{
    public static void Write(LoadReport report, LoadOptions options)
    {
        Console.WriteLine();
        Console.WriteLine(report.Machine);
        Console.Write(ReportTable.Text(report.Results));
        if (options.JsonFile is { } json)
        {
            File.WriteAllText(json, JsonSerializer.Serialize(report, LoadReportJson.Default.LoadReport) + "\n");
        }

        if (options.MarkdownFile is { } markdown)
        {
            File.WriteAllText(markdown, ReportTable.Markdown(report));
        }
    }
}
