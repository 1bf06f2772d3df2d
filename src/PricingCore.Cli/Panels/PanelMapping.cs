using PricingCore.Cli.Replay.Csv;

namespace PricingCore.Cli.Panels;

/// <summary>How the rows of a panel (one count for each time bucket and region) are read; made from JSON by <see cref="PanelMappingFile"/>.</summary>
/// <threadsafety>Immutable, but for the clock's memory: one thread at a time.</threadsafety>
internal sealed record PanelMapping
{
    public required LocalClock Clock { get; init; }

    /// <summary>The IANA time zone of the regions: their local hour, weekday and holidays.</summary>
    public required string TimeZone { get; init; }

    public char Delimiter { get; init; } = ',';

    public required PanelTimestamp Timestamp { get; init; }

    /// <summary>Length of a bucket.</summary>
    public required TimeSpan Bucket { get; init; }

    /// <summary>Added to every time, so that buckets which begin at half past fall on clock hours.</summary>
    public TimeSpan Shift { get; init; }

    /// <summary>A column, or one region for the whole file.</summary>
    public required FieldSource Region { get; init; }

    public required string CountColumn { get; init; }

    /// <summary>How many of the count make one booking.</summary>
    public double PerEvent { get; init; } = 1;

    /// <summary>Whether a second row of the same bucket and region in one file is added to the first; it is rejected otherwise.</summary>
    public bool AddsRowsOfSameBucket { get; init; }

    /// <summary>Whether a bucket without a row counts as 0; it is a gap otherwise, which is neither learned from nor scored.</summary>
    public bool MissingRowsAreZero { get; init; }

    public IReadOnlyList<SkipCondition> SkipWhen { get; init; } = [];

    /// <summary>What is known beside the count: weather and holidays.</summary>
    public IReadOnlyList<PanelCovariate> Covariates { get; init; } = [];
}

/// <summary>How a bucket is named.</summary>
/// <param name="Column">The column with the time, or with the date when there is an hour column.</param>
/// <param name="HourColumn">The column with the hour of the day, 0 to 23; null when the time has it.</param>
/// <param name="Format">A .NET date format; null for 2014-04-01T00:30 with or without seconds and offset.</param>
/// <param name="Means">Which moment of the bucket the time is.</param>
internal sealed record PanelTimestamp(string Column, string? HourColumn, string? Format, BucketPoint Means);

/// <summary>Which moment of a bucket its time names.</summary>
internal enum BucketPoint
{
    Start,
    Centre,
    End,
}

/// <summary>One number that comes with the count.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Source">Column, scale and offset.</param>
/// <param name="Values">What texts stand for, such as Y for 1; empty when the column holds numbers.</param>
/// <param name="Lag">How long after the bucket's start it becomes known.</param>
internal sealed record PanelCovariate(string Name, FieldSource Source, IReadOnlyDictionary<string, double> Values, TimeSpan Lag)
{
    public const string Holiday = "holiday";

    /// <summary>Every covariate: the numbers of a Weather event in their order, then the holiday.</summary>
    public static readonly string[] Names = ["temperature_c", "rain_mm_per_h", "wind_m_per_s", "visibility_km", Holiday];
}
