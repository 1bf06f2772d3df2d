namespace PricingCore.Quality;

/// <summary>How good an engine's data are, at one moment. docs/quality.md has the formulas and their sources.</summary>
/// <remarks>Measured by this process, on its loops, about once a minute for each region; never read by a decision.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed record DataQualityReport
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Regions that have had an event, which are those that are measured.</summary>
    public int Regions { get; init; }

    /// <summary>The numbers of all regions.</summary>
    public QualityScores Scores { get; init; } = new();

    /// <summary>The thresholds that the engine as a whole is on the wrong side of; empty when all is well.</summary>
    public IReadOnlyList<QualityBreach> Breaches { get; init; } = [];

    /// <summary>The share of regions whose latest event is younger than <see cref="QualityOptions.MaxFreshness"/>; 0 to 1. Null without regions.</summary>
    public double? FreshShare { get; init; }

    /// <summary>The age of the latest event of the region that has been silent for longest; null without regions.</summary>
    public TimeSpan? OldestFreshness { get; init; }

    /// <summary>The share of events of about the last hour that happened before the minute they arrived in; 0 to 1. Null below 100 events.</summary>
    public double? LateShare { get; init; }

    /// <summary>Regions with a breach of their own.</summary>
    public int RegionsBelow { get; init; }

    /// <summary>The regions with the lowest scores, the worst first.</summary>
    public IReadOnlyList<RegionQuality> Worst { get; init; } = [];

    /// <summary>The running model that drift is measured against; null when it is no package, or its golden rows are too few.</summary>
    public string? DriftModel { get; init; }

    /// <summary>The drift of each feature, the largest first; empty until 24 hours of rows were seen with the model.</summary>
    public IReadOnlyList<FeatureDrift> Drift { get; init; } = [];
}
