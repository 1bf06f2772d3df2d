using PricingCore.Money;
using PricingCore.Surge;

namespace PricingCore.Tokens;

/// <summary>What a genuine token says: the price that was promised, for what, and until when.</summary>
/// <remarks>The default value is no quote: its texts are null.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SignedQuote
{
    /// <summary>The region.</summary>
    public string RegionId { get; init; }

    /// <summary>The product.</summary>
    public string ProductType { get; init; }

    /// <summary>The price to charge.</summary>
    public Amount Price { get; init; }

    /// <summary>When it was signed.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when it may be charged.</summary>
    public DateTimeOffset ValidUntil { get; init; }

    /// <summary>The decision that the price follows, by which it can be explained.</summary>
    public DecisionId DecisionId { get; init; }

    /// <summary>Unique among the quotes of an engine: its start in microseconds in the upper half, a count in the lower.</summary>
    public UInt128 Number { get; init; }

    /// <summary>The host's name of the request; null when it had none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The key that signed it.</summary>
    public string KeyId { get; init; }

    /// <summary>128 bits that stand for the token in the table of redemptions.</summary>
    internal UInt128 TokenHash { get; init; }
}
