using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore;

/// <summary>CONTRACT STUB: replaced soon.</summary>
public sealed class PricingEngine : IAsyncDisposable
{
    /// <summary>Starts an engine.</summary>
    public static PricingEngine Start(PricingOptions options) => throw new NotImplementedException();

    /// <summary>Publishes an event.</summary>
    public bool TryPublish(in MarketEvent marketEvent) => TryPublish(marketEvent, out _);

    /// <summary>Publishes an event; says why when it was refused.</summary>
    public bool TryPublish(in MarketEvent marketEvent, out Rejection rejection) => throw new NotImplementedException();

    /// <summary>Publishes an event and waits until it is in the features (or found to be a duplicate).</summary>
    public ValueTask<Rejection> PublishAsync(MarketEvent marketEvent, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Reads a quote from the book, wait-free. When it is not there, asks the loop for it and returns false.</summary>
    public bool TryQuote(in QuoteRequest request, out Quote quote) => throw new NotImplementedException();

    /// <summary>Reads a quote, waiting for a decision when there is none. Throws QuoteRefusedException.</summary>
    public ValueTask<Quote> QuoteAsync(QuoteRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Copies the features of a region as of the last tick or decision, from any thread, without locks.</summary>
    public bool TryReadFeatures(string regionId, Span<float> row, out DateTimeOffset asOf) => throw new NotImplementedException();

    /// <summary>Hands in the forecast of a forecaster outside the loop.</summary>
    public bool TryPublishForecast(string regionId, in Forecast forecast, string modelVersion, out Rejection rejection) => throw new NotImplementedException();

    /// <summary>Swaps the rules; completes when the loop prices by them.</summary>
    public ValueTask PublishRulesAsync(RuleSet rules, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Counters since the start.</summary>
    public EngineStatistics Statistics => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
