using PricingCore.Cli.Report.Charts;

namespace PricingCore.Cli.Report;

/// <summary>Everything a report shows, as plain data: it knows nothing of the engine.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record ReportData
{
    /// <summary>The heading of the page.</summary>
    public required string Title { get; init; }

    /// <summary>What was done and found, in one or two sentences.</summary>
    public required string Lead { get; init; }

    /// <summary>The command that makes the same report again.</summary>
    public required string Command { get; init; }

    /// <summary>Seed, formula, counts: what a reader needs to know of the run.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init; } = [];

    /// <summary>The sections, in the order they are shown.</summary>
    public IReadOnlyList<ReportSection> Sections { get; init; } = [];
}

/// <summary>One number or name of the run, such as seed 1 or 61 regions.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its value, formatted.</param>
internal sealed record ReportFact(string Label, string Value)
{
    /// <summary>Whether it depends on the machine and the moment, so that two runs of the same seed may differ in it.</summary>
    public bool IsTiming { get; init; }
}

/// <summary>A heading that says what is to be seen, the charts, and how to read them.</summary>
/// <param name="Title">What is to be seen, as a sentence without a full stop.</param>
/// <param name="Note">How to read it; shown above the charts.</param>
/// <param name="Charts">The charts.</param>
internal sealed record ReportSection(string Title, string Note, IReadOnlyList<IReportChart> Charts)
{
    /// <summary>Whether it depends on the machine and the moment, so that two runs of the same seed may differ in it.</summary>
    public bool IsTiming { get; init; }
}
