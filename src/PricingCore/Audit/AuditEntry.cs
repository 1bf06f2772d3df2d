using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>What waits for the log's thread: what the caller has at hand, so that it costs the caller a copy and no encoding.</summary>
internal struct AuditEntry
{
    /// <summary><see cref="AuditRecordKind.Quote"/>, <see cref="AuditRecordKind.Decision"/> or <see cref="AuditRecordKind.KeyDestroyed"/>.</summary>
    public AuditRecordKind Kind;

    /// <summary>Microseconds since 1970.</summary>
    public long Time;

    /// <summary>The quote.</summary>
    public Quote Quote;

    /// <summary>The decision.</summary>
    public SurgeDecision? Decision;

    /// <summary>The name of the destroyed key.</summary>
    public string? KeyName;

    /// <summary>The keyed hash of the user's id; 0 and 0 for none.</summary>
    public (ulong Low, ulong High) User;

    /// <summary>SipHash-2-4-128 of the feature row.</summary>
    public (ulong Low, ulong High) FeaturesHash;

    /// <summary>Features in the row's place in the queue; 0 for none, -1 when only the hash is recorded.</summary>
    public int Features;

    /// <summary>The lane of the decision.</summary>
    public int Lane;

    /// <summary>The number of the decision in its lane.</summary>
    public long Ordinal;

    /// <summary>The request's sequence in the journal.</summary>
    public long JournalSequence;
}
