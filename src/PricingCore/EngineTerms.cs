using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PricingCore.Features;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore;

/// <summary>The options that what a loop does depends on, as a journal keeps them: the same records under the same terms give the same decisions.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record EngineTerms
{
    public required int Shards { get; init; }

    public required string SchemaName { get; init; }

    public required string SchemaHash { get; init; }

    public required IReadOnlyList<RegionTerms> Regions { get; init; }

    public required string DefaultTimeZone { get; init; }

    public required int MaxRegions { get; init; }

    public required int MaxProducts { get; init; }

    public required int MaxUnits { get; init; }

    public required long UnitTimeoutMicros { get; init; }

    public required int MaxSessions { get; init; }

    public required int MaxIdempotencyKeys { get; init; }

    public required long IdempotencyWindowMicros { get; init; }

    public required long StaleAfterMicros { get; init; }

    public required long DecisionValidityMicros { get; init; }

    public required int DirtyAfterEvents { get; init; }

    public required int MaxDecisions { get; init; }

    public required int MaxWaitingRequests { get; init; }

    public required long HorizonMicros { get; init; }

    public required long ForecastValidityMicros { get; init; }

    public required long ForecastDeadlineMicros { get; init; }

    public required int ForecastMissesBeforePause { get; init; }

    public required long ForecastPauseMicros { get; init; }

    public required int MaxRedemptions { get; init; }

    /// <summary>The model that the loop itself evaluates, in a replay of events; null in a live engine, whose forecasts are records.</summary>
    public string? InlineModel { get; init; }

    /// <summary>The terms of options.</summary>
    public static EngineTerms Of(PricingOptions options, bool isReplay) => new()
    {
        Shards = options.Shards,
        SchemaName = options.Schema.Name,
        SchemaHash = options.Schema.Hash,
        Regions = [.. options.Regions.Select(region => new RegionTerms(region.Id, region.TimeZone, region.Neighbours))],
        DefaultTimeZone = options.DefaultTimeZone,
        MaxRegions = options.MaxRegions,
        MaxProducts = options.MaxProducts,
        MaxUnits = options.MaxUnits,
        UnitTimeoutMicros = UnixMicros.From(options.UnitTimeout),
        MaxSessions = options.MaxSessions,
        MaxIdempotencyKeys = options.MaxIdempotencyKeys,
        IdempotencyWindowMicros = UnixMicros.From(options.IdempotencyWindow),
        StaleAfterMicros = UnixMicros.From(options.StaleAfter),
        DecisionValidityMicros = UnixMicros.From(options.DecisionValidity),
        DirtyAfterEvents = options.DirtyAfterEvents,
        MaxDecisions = options.MaxDecisions,
        MaxWaitingRequests = options.MaxWaitingRequests,
        HorizonMicros = UnixMicros.From(options.Horizon),
        ForecastValidityMicros = UnixMicros.From(options.ForecastValidity),
        ForecastDeadlineMicros = UnixMicros.From(options.ForecastDeadline),
        ForecastMissesBeforePause = options.ForecastMissesBeforePause,
        ForecastPauseMicros = UnixMicros.From(options.ForecastPause),
        MaxRedemptions = options.MaxRedemptions,
        InlineModel = isReplay ? options.Forecaster?.ModelVersion : null,
    };

    /// <summary>Options with these terms.</summary>
    /// <param name="schema">The schema, when it is not the built-in one.</param>
    /// <exception cref="InvalidOperationException">The schema is another.</exception>
    public PricingOptions ToOptions(FeatureSchema? schema)
    {
        schema ??= FeatureSchema.Mobility;
        if (schema.Hash != SchemaHash)
        {
            throw new InvalidOperationException($"The journal was written with the feature schema '{SchemaName}' ({SchemaHash[..12]}), but '{schema.Name}' ({schema.Hash[..12]}) was given: give that schema.");
        }

        return new PricingOptions
        {
            Shards = Shards,
            Schema = schema,
            Regions = [.. Regions.Select(region => new Region(region.Id) { TimeZone = region.TimeZone, Neighbours = region.Neighbours })],
            DefaultTimeZone = DefaultTimeZone,
            MaxRegions = MaxRegions,
            MaxProducts = MaxProducts,
            MaxUnits = MaxUnits,
            UnitTimeout = Span(UnitTimeoutMicros),
            MaxSessions = MaxSessions,
            MaxIdempotencyKeys = MaxIdempotencyKeys,
            IdempotencyWindow = Span(IdempotencyWindowMicros),
            StaleAfter = Span(StaleAfterMicros),
            DecisionValidity = Span(DecisionValidityMicros),
            DirtyAfterEvents = DirtyAfterEvents,
            MaxDecisions = MaxDecisions,
            MaxWaitingRequests = MaxWaitingRequests,
            Horizon = Span(HorizonMicros),
            ForecastValidity = Span(ForecastValidityMicros),
            ForecastDeadline = Span(ForecastDeadlineMicros),
            ForecastMissesBeforePause = ForecastMissesBeforePause,
            ForecastPause = Span(ForecastPauseMicros),
            JournalledRedemptions = MaxRedemptions,
        };
    }

    /// <summary>What differs from other terms, as <c>name: then -> now</c>.</summary>
    public IReadOnlyList<string> DifferencesFrom(EngineTerms then)
    {
        using JsonDocument before = JsonDocument.Parse(then.ToJson());
        using JsonDocument after = JsonDocument.Parse(ToJson());
        var differences = new List<string>();
        foreach (JsonProperty now in after.RootElement.EnumerateObject())
        {
            string was = before.RootElement.TryGetProperty(now.Name, out JsonElement value) ? value.GetRawText() : "none";
            if (was != now.Value.GetRawText())
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{now.Name}: {Shorten(was)} -> {Shorten(now.Value.GetRawText())}"));
            }
        }

        return differences;

        static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
    }

    /// <summary>The terms as UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EngineTermsJson.Default.EngineTerms);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static EngineTerms Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, EngineTermsJson.Default.EngineTerms) ?? throw new JsonException("The terms are null.");

    private static TimeSpan Span(long micros) => TimeSpan.FromMicroseconds(micros);
}

/// <summary>A region of <see cref="EngineTerms"/>.</summary>
internal sealed record RegionTerms(string Id, string TimeZone, IReadOnlyList<string> Neighbours);

/// <summary>Reads and writes <see cref="EngineTerms"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EngineTerms))]
internal sealed partial class EngineTermsJson : JsonSerializerContext;
