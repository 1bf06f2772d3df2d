using PricingCore.Money;

namespace PricingCore.Tokens;

/// <summary>What a token must be about, so that a price of one thing does not buy another.</summary>
/// <remarks>The default value expects nothing.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct QuoteExpectation
{
    /// <summary>The region; any when null.</summary>
    public string? RegionId { get; init; }

    /// <summary>The product; any when null.</summary>
    public string? ProductType { get; init; }

    /// <summary>The price to the minor unit; any when null.</summary>
    public Amount? Price { get; init; }

    /// <summary>Whether a quote is the one that was expected.</summary>
    internal bool Holds(in SignedQuote quote) =>
        (RegionId is null || RegionId == quote.RegionId)
        && (ProductType is null || ProductType == quote.ProductType)
        && (Price is null || Price == quote.Price);
}
