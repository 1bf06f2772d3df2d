using PricingCore.Money;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>A decision applied to the base price of one request: the price, and why.</summary>
/// <remarks>The default value is no quote.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct Quote
{
    /// <summary>The request this answers.</summary>
    public QuoteRequest Request { get; init; }

    /// <summary>The decision the price follows.</summary>
    public SurgeDecision Decision { get; init; }

    /// <summary>The price without surge.</summary>
    public Amount BasePrice { get; init; }

    /// <summary>The price to charge: within the caps and on the rounding increment.</summary>
    public Amount Price { get; init; }

    /// <summary>Until when the host may charge it.</summary>
    public DateTimeOffset ValidUntil { get; init; }

    /// <summary>Whether the decision was made before this request.</summary>
    public bool Cached { get; init; }

    /// <summary>The multiplier of the decision, before the price is rounded.</summary>
    public SurgeMultiplier Multiplier => Decision.Outcome.Multiplier;

    /// <summary>The price line by line: base, factors, limits, rounding; adds up to <see cref="Price"/> exactly.</summary>
    public IReadOnlyList<PriceComponent> Breakdown =>
        QuotePrice.Explain(Decision.Rule, BasePrice.MinorUnits, Decision.Outcome);
}
