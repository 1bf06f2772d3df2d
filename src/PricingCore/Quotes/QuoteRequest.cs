namespace PricingCore.Quotes;

/// <summary>Asks what a product costs in a region right now.</summary>
/// <param name="RegionId">The region.</param>
/// <param name="ProductType">The product, for example <c>standard</c>.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct QuoteRequest(string RegionId, string ProductType = QuoteRequest.StandardProduct)
{
    /// <summary>The product of a host that sells only one.</summary>
    public const string StandardProduct = "standard";

    /// <summary>The fare without surge, in minor units of the rule's currency; the rule's base price when null.</summary>
    /// <value>From 0 to 1,000,000,000,000.</value>
    public long? BaseMinorUnits { get; init; }

    /// <summary>The host's name for this request, given back in the quote; null when it has none.</summary>
    public string? RequestId { get; init; }

    /// <summary>The user who asks, for the audit log, which keeps a keyed hash of it and nothing without a key; null when not known.</summary>
    public string? UserId { get; init; }

    /// <summary>The W3C trace that the request belongs to, given back in the quote; null when there is none.</summary>
    public string? TraceId { get; init; }
}
