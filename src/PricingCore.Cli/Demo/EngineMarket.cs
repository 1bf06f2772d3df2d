using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>Connects a simulated city to an engine: events in, quotes out, each quote timed.</summary>
/// <param name="publish">Takes an event, and says why when it refuses.</param>
/// <param name="ask">Answers a request as of a time.</param>
/// <param name="recorder">Told of every event and quote.</param>
/// <param name="clock">Times the quotes.</param>
internal sealed class EngineMarket(
    Func<MarketEvent, Rejection> publish,
    Func<QuoteRequest, DateTimeOffset, ValueTask<ReplayAnswer>> ask,
    DemoRecorder recorder,
    TimeProvider clock) : ICityMarket
{
    public void Publish(in MarketEvent marketEvent)
    {
        Rejection rejection = publish(marketEvent);
        recorder.Saw(marketEvent, rejection);
    }

    public async ValueTask<CityQuote> AskAsync(CityQuoteRequest request)
    {
        long begin = clock.GetTimestamp();
        ReplayAnswer answer = await ask(new QuoteRequest(request.Region.Id), request.At).ConfigureAwait(false);
        TimeSpan taken = clock.GetElapsedTime(begin);
        if (answer.Refusal != QuoteRefusal.None)
        {
            throw new CommandFailedException(
                $"The engine refused a quote for region '{request.Region.Id}': {answer.Refusal}. This is a bug; please report it with the seed.");
        }

        recorder.Quoted(request.Region, request.At, answer.Quote, taken);
        return new CityQuote(answer.Quote.Multiplier, answer.Quote.Price.MinorUnits);
    }
}
