namespace PricingCore.Cli.Report.Charts;

/// <summary>Something a report can show.</summary>
internal interface IReportChart
{
    /// <summary>Adds itself to a page; the same data gives the same text.</summary>
    void AppendTo(Markup page);
}
