using PricingCore.Cli.Replay;

namespace PricingCore.Cli.Training;

/// <summary>Where a history comes from: the part of the command line that training and evaluation share.</summary>
internal sealed record HistorySettings
{
    /// <summary>Files of single events; empty when there is a panel.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Files of one panel; empty when there are events.</summary>
    public IReadOnlyList<string> Panel { get; init; } = [];

    public EventFormat Format { get; init; }

    public IReadOnlyList<string> Maps { get; init; } = [];

    public string? Regions { get; init; }

    public string? RegionsMap { get; init; }

    public string TimeZone { get; init; } = "UTC";

    public string? Rejects { get; init; }

    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromDays(7);

    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>The input files, for messages and reports.</summary>
    public IReadOnlyList<string> Files => Panel.Count > 0 ? Panel : Events;
}
