using PricingCore.Events;
using PricingCore.Rules;

namespace PricingCore.Testing.Cities;

/// <summary>Where a simulated city sends its events and asks for its prices; a host or a test implements it.</summary>
public interface ICityMarket
{
    /// <summary>Takes an event. Events come in the order in which they happen.</summary>
    void Publish(in MarketEvent marketEvent);

    /// <summary>Says what a trip costs. Everything published before counts.</summary>
    ValueTask<CityQuote> AskAsync(CityQuoteRequest request);
}

/// <summary>Asks what a trip from a region costs.</summary>
/// <param name="Region">Where the trip starts.</param>
/// <param name="At">When it is asked; never earlier than the event or request before.</param>
/// <param name="IsMap">Whether it is for the drivers' map rather than for a customer.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct CityQuoteRequest(CityRegion Region, DateTimeOffset At, bool IsMap);

/// <summary>What a trip costs.</summary>
/// <param name="Multiplier">How many times the base price.</param>
/// <param name="PriceMinorUnits">The price, in minor units of the market's currency.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct CityQuote(SurgeMultiplier Multiplier, long PriceMinorUnits);
