
namespace PricingCore.Cli.Replay.Csv;

/// <summary>How the rows of a CSV become events; read from JSON by <see cref="MappingFile"/>.</summary>
internal sealed record EventMapping
{
    /// <summary>The text fields of an event, in the order of <see cref="EventTemplate.Texts"/>.</summary>
    public static readonly string[] TextFields =
        ["type", "region_id", "occurred_at", "received_at", "user_id", "unit_id", "product_type", "idempotency_key"];

    public required LocalClock Clock { get; init; }

    public char Delimiter { get; init; } = ',';

    public TimeFormat TimeFormat { get; init; } = TimeFormat.Rfc3339;

    public IReadOnlyList<SkipCondition> SkipWhen { get; init; } = [];

    public required IReadOnlyList<EventTemplate> Events { get; init; }

    public TripColumns? SupplyFromTrips { get; init; }
}

/// <summary>How the times of a CSV are written.</summary>
internal enum TimeFormat
{
    /// <summary>As 2014-04-01T00:11:30; a space for the T, and no seconds, are fine.</summary>
    Rfc3339,

    /// <summary>Seconds since 1970 UTC.</summary>
    UnixSeconds,

    /// <summary>Milliseconds since 1970 UTC.</summary>
    UnixMilliseconds,
}

/// <summary>One event that each row makes.</summary>
internal sealed record EventTemplate
{
    /// <summary>By the order of <see cref="EventMapping.TextFields"/>; null where a field is not mapped.</summary>
    public required FieldSource?[] Texts { get; init; }

    /// <summary>By the order of <see cref="EventNumbers.Names"/>; null where a number is not mapped.</summary>
    public required FieldSource?[] Numbers { get; init; }

    public IReadOnlyList<SkipCondition> SkipWhen { get; init; } = [];
}

/// <summary>Where a trip begins and ends, so that supply can be derived from it; see <see cref="TripSupply"/>.</summary>
internal sealed record TripColumns
{
    public required string StartedAt { get; init; }

    public required string StartRegion { get; init; }

    public required string EndedAt { get; init; }

    public required string EndRegion { get; init; }

    /// <summary>End regions that are outside: a car that goes there leaves the market.</summary>
    public IReadOnlyList<string> Outside { get; init; } = [];

    /// <summary>How long a car waits before it goes offline.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Longer trips are rejected.</summary>
    public TimeSpan MaxTrip { get; init; } = TimeSpan.FromMinutes(180);
}
