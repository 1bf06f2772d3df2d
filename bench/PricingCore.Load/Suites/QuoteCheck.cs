using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.Load.Suites;

/// <summary>What must be true of every answer, however fast it came.</summary>
internal static class QuoteCheck
{
    /// <summary>Throws when a quote is not for what was asked, breaks its caps, or does not add up.</summary>
    public static void Demand(in Quote quote, in QuoteRequest request)
    {
        PricingRule rule = quote.Decision.Rule;
        PriceBounds bounds = PriceBounds.Of(rule, quote.BasePrice.MinorUnits);
        long price = quote.Price.MinorUnits;
        int steps = quote.Multiplier.Steps;
        string? wrong =
            quote.Decision.RegionId != request.RegionId || quote.Decision.ProductType != request.ProductType ? "it is for another region or product"
            : price < bounds.Floor || price > bounds.Cap ? $"the price {price} is outside {bounds.Floor}..{bounds.Cap}"
            : steps < rule.MinMultiplier.Steps || steps > rule.MaxMultiplier.Steps ? $"the multiplier {steps} is outside its bounds"
            : steps != SurgeMultiplier.StepsPerOne + quote.Decision.Outcome.Factors.Sum + quote.Decision.Outcome.Limits.Sum ? "factors and limits do not add up"
            : quote.Breakdown.Sum(line => line.MinorUnits) != price ? "the breakdown does not add up to the price"
            : null;
        if (wrong is not null)
        {
            throw new InvalidOperationException($"Wrong quote for {request.RegionId}, {request.ProductType}: {wrong}.");
        }
    }
}
