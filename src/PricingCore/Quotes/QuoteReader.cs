using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>Applies a decision to a request.</summary>
internal static class QuoteReader
{
    /// <summary>The largest base price of a request, in minor units.</summary>
    public const long MaxBaseMinorUnits = 1_000_000_000_000;

    /// <summary>Whether the base price of a request, if it brings one, is legal.</summary>
    public static bool IsBaseLegal(in QuoteRequest request) => request.BaseMinorUnits is null or (>= 0 and <= MaxBaseMinorUnits);

    /// <summary>The quote that a decision gives a request.</summary>
    public static Quote Read(in QuoteRequest request, SurgeDecision decision, long validUntilMicros, bool cached)
    {
        long ruleBase = decision.Rule.BasePrice.MinorUnits;
        long requestBase = request.BaseMinorUnits ?? ruleBase;
        long price = requestBase == ruleBase
            ? decision.RulePriceMinorUnits
            : QuotePrice.Of(decision.Rule, requestBase, decision.Outcome.Multiplier);
        return new Quote(request, decision, requestBase, price, validUntilMicros, cached);
    }
}
