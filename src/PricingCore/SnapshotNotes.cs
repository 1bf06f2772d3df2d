using System.Text.Json;
using System.Text.Json.Serialization;

namespace PricingCore;

/// <summary>What must be known to read a snapshot's state: terms, names in the order of their numbers, rules and plans of each lane.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record SnapshotNotes
{
    public required EngineTerms Terms { get; init; }

    public required IReadOnlyList<string> Regions { get; init; }

    public required IReadOnlyList<string> Products { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The rules of each lane as JSON; null before it had any.</summary>
    public required IReadOnlyList<string?> Rules { get; init; }

    /// <summary>The plan of each lane.</summary>
    public required IReadOnlyList<PlanNote> Plans { get; init; }

    /// <summary>Numbers of rule sets and plans that are taken.</summary>
    public required int LastRules { get; init; }

    /// <inheritdoc cref="LastRules"/>
    public required int LastPlan { get; init; }

    /// <summary>The notes as UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SnapshotNotesJson.Default.SnapshotNotes);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static SnapshotNotes Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, SnapshotNotesJson.Default.SnapshotNotes) ?? throw new JsonException("The notes are null.");
}

/// <summary>Reads and writes <see cref="SnapshotNotes"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SnapshotNotes))]
internal sealed partial class SnapshotNotesJson : JsonSerializerContext;
