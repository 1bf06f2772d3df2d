using PricingCore.Money;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>A quote as the audit log recorded it when it was served.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record AuditedQuote
{
    /// <summary>The host's name for the request; null when it had none. Cut after 1,024 bytes of UTF-8.</summary>
    public required string? RequestId { get; init; }

    /// <summary>The region.</summary>
    public required string RegionId { get; init; }

    /// <summary>The product.</summary>
    public required string ProductType { get; init; }

    /// <summary>The price served, in minor units of <see cref="Currency"/>.</summary>
    public required long PriceMinorUnits { get; init; }

    /// <summary>The price without surge, in minor units of <see cref="Currency"/>.</summary>
    public required long BaseMinorUnits { get; init; }

    /// <summary>The currency of both prices.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The multiplier of the decision, before the price was rounded.</summary>
    public required SurgeMultiplier Multiplier { get; init; }

    /// <summary>Until when the host may charge it.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>When it was served.</summary>
    public required DateTimeOffset ServedAt { get; init; }

    /// <summary>The trace the request belonged to; null when there was none. Cut after 1,024 bytes of UTF-8.</summary>
    public required string? TraceId { get; init; }

    /// <summary>The keyed hash of the user's id, 32 hexadecimal digits; null when none was given or the log had no key.</summary>
    public required string? UserHash { get; init; }

    /// <summary>The decision the price follows.</summary>
    public required DecisionId DecisionId { get; init; }

    /// <summary>Whether the decision was made before this request.</summary>
    public required bool Cached { get; init; }

    /// <summary>Where the record stands.</summary>
    public required AuditPlace Place { get; init; }
}
