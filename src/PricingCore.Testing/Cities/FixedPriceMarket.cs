using PricingCore.Events;
using PricingCore.Rules;

namespace PricingCore.Testing.Cities;

/// <summary>A market without surge: every trip costs its base price, and events go nowhere. What surge is compared with.</summary>
/// <param name="basePrice">The base price of a region, in minor units.</param>
/// <threadsafety>As safe as <paramref name="basePrice"/>.</threadsafety>
public sealed class FixedPriceMarket(Func<CityRegion, long> basePrice) : ICityMarket
{
    /// <inheritdoc/>
    public void Publish(in MarketEvent marketEvent)
    {
    }

    /// <inheritdoc/>
    public ValueTask<CityQuote> AskAsync(CityQuoteRequest request) =>
        ValueTask.FromResult(new CityQuote(SurgeMultiplier.One, basePrice(request.Region)));
}
