using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>CONTRACT STUB: turns a multiplier into a price, in integers.</summary>
public static class QuotePrice
{
    /// <summary>The price, in minor units.</summary>
    public static long Of(PricingRule rule, long baseMinorUnits, SurgeMultiplier multiplier) => throw new NotImplementedException();

    /// <summary>The price line by line.</summary>
    public static IReadOnlyList<PriceComponent> Explain(PricingRule rule, long baseMinorUnits, in SurgeOutcome outcome) => throw new NotImplementedException();
}
