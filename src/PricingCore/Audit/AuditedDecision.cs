using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>A decision as the audit log recorded it when it was made.</summary>
/// <threadsafety>Immutable, but for the elements of <see cref="Features"/>.</threadsafety>
public sealed record AuditedDecision
{
    /// <summary>The decision with everything that led to it: inputs, forecast, factors, limits, rule, model and roll-out arm.</summary>
    public required SurgeDecision Decision { get; init; }

    /// <summary>The feature row it saw, in the order of the schema; null when only its hash was recorded, or there was none.</summary>
    public required float[]? Features { get; init; }

    /// <summary>SipHash-2-4-128 of the feature row's bytes with the engine's public key, 32 hexadecimal digits; null when there was no row.</summary>
    public required string? FeaturesHash { get; init; }

    /// <summary>The lane of the journal that holds the request.</summary>
    public required int Lane { get; init; }

    /// <summary>The number of the decision in its lane; the first is 1.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The sequence of the request in the journal of the lane; 0 when there was no journal.</summary>
    public required long JournalSequence { get; init; }

    /// <summary>The hash of the rule set, 64 hexadecimal digits; null when the log was not told of it.</summary>
    public required string? RulesHash { get; init; }

    /// <summary>SHA-256 of the model's graph, 64 hexadecimal digits; null for a model without a file.</summary>
    public required string? ModelSha256 { get; init; }

    /// <summary>When it was recorded.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Where the record stands.</summary>
    public required AuditPlace Place { get; init; }
}
