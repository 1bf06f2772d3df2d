namespace PricingCore.Cli.Replay;

/// <summary>How event files are read.</summary>
internal enum EventFormat
{
    /// <summary>JSON Lines when the first character is {, otherwise CSV.</summary>
    Auto,
    Jsonl,
    Csv,
}

/// <summary>The command line of a replay, parsed.</summary>
internal sealed record ReplaySettings
{
    public required IReadOnlyList<string> Events { get; init; }

    public EventFormat Format { get; init; }

    public IReadOnlyList<string> Maps { get; init; } = [];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public string? Regions { get; init; }

    public string? RegionsMap { get; init; }

    public required string Rules { get; init; }

    public string? Requests { get; init; }

    public TimeSpan Every { get; init; } = TimeSpan.FromHours(1);

    public string Product { get; init; } = Quotes.QuoteRequest.StandardProduct;

    public required string Out { get; init; }

    public bool WithFeatures { get; init; }

    public string? Rejects { get; init; }

    public string? JournalOut { get; init; }

    public string? Report { get; init; }

    public string? Evaluate { get; init; }

    public double? Speed { get; init; }

    public string? Schema { get; init; }

    public string TimeZone { get; init; } = "UTC";

    public int Shards { get; init; } = 1;

    public bool Json { get; init; }
}
