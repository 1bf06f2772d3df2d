using PricingCore.Events;
using PricingCore.Rules;
using PricingCore.Testing.Cities;

namespace PricingCore.Tests.Testing;

/// <summary>Keeps every event and answers with a multiplier of the test's choice.</summary>
internal sealed class RecordingMarket(Func<CityQuoteRequest, double>? multiplier = null) : ICityMarket
{
    public List<MarketEvent> Events { get; } = [];

    public Action<MarketEvent>? Seen { get; set; }

    public void Publish(in MarketEvent marketEvent)
    {
        Events.Add(marketEvent);
        Seen?.Invoke(marketEvent);
    }

    public ValueTask<CityQuote> AskAsync(CityQuoteRequest request)
    {
        int steps = (int)((multiplier?.Invoke(request) ?? 1) * SurgeMultiplier.StepsPerOne);
        return ValueTask.FromResult(new CityQuote(SurgeMultiplier.FromSteps(steps), steps / 10));
    }
}
