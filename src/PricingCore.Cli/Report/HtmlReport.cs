using PricingCore.Cli.Report.Charts;

namespace PricingCore.Cli.Report;

/// <summary>Turns a report's data into one HTML page that needs nothing else: style, drawings and script are inside.</summary>
/// <remarks>The same data gives the same text. What depends on the machine stands between <see cref="TimingBegin"/> and <see cref="TimingEnd"/>.</remarks>
internal static class HtmlReport
{
    /// <summary>Stands before each part that may differ between two runs of the same seed.</summary>
    public const string TimingBegin = "<!--timing-->";

    /// <summary>Stands after each such part.</summary>
    public const string TimingEnd = "<!--/timing-->";

    /// <summary>Builds the page.</summary>
    public static string Build(ReportData report)
    {
        Markup page = new();
        page.Add($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n");
        page.Add($"<title>{report.Title}</title>\n<style>{ReportStyle.Css}</style>\n</head>\n<body>\n");
        AppendHeader(page, report);
        page.Add($"<main>\n");
        foreach (ReportSection section in report.Sections)
        {
            AppendSection(page, section);
        }

        page.Add($"</main>\n<div id=\"tip\" role=\"status\"></div>\n<script>{ReportStyle.Script}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void AppendHeader(Markup page, ReportData report)
    {
        page.Add($"<header>\n<h1>{report.Title}</h1>\n<p class=\"lead\">{report.Lead}</p>\n<dl>\n");
        foreach (ReportFact fact in report.Facts)
        {
            Markup item = new();
            item.Add($"<div><dt>{fact.Label}</dt><dd>{fact.Value}</dd></div>\n");
            AppendMarked(page, item, fact.IsTiming);
        }

        page.Add($"</dl>\n<p class=\"command\">The same again: <code>{report.Command}</code></p>\n</header>\n");
    }

    private static void AppendSection(Markup page, ReportSection section)
    {
        Markup body = new();
        body.Add($"<section>\n<h2>{section.Title}</h2>\n<p class=\"note\">{section.Note}</p>\n");
        foreach (IReportChart chart in section.Charts)
        {
            chart.AppendTo(body);
        }

        body.Add($"</section>\n");
        AppendMarked(page, body, section.IsTiming);
    }

    private static void AppendMarked(Markup page, Markup part, bool isTiming)
    {
        if (isTiming)
        {
            page.Add($"<!--timing-->{part}<!--/timing-->\n");
        }
        else
        {
            page.Add($"{part}");
        }
    }
}
