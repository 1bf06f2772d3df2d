using PricingCore.Training;

namespace PricingCore.Cli.Training;

/// <summary>The command line of a training, parsed.</summary>
internal sealed record TrainSettings
{
    public required HistorySettings History { get; init; }

    /// <summary>The whole command line, for the report.</summary>
    public required string Command { get; init; }

    public required string Schema { get; init; }

    /// <summary>Null for the usual ones.</summary>
    public IReadOnlyList<int>? Horizons { get; init; }

    /// <summary>The folder of the package: models/{name}/{version}.</summary>
    public required string Out { get; init; }

    public LocalMoment? HeldOutFrom { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>Where to write the rows; null for nowhere.</summary>
    public string? Rows { get; init; }

    public bool AllowWorse { get; init; }

    public string? Report { get; init; }

    public bool Json { get; init; }
}
