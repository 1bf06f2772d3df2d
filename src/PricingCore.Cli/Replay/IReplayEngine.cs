using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Replay;

namespace PricingCore.Cli.Replay;

/// <summary>What a replay needs of the engine; tests put a recorder in its place.</summary>
internal interface IReplayEngine : IAsyncDisposable
{
    EngineStatistics Statistics { get; }

    Rejection Publish(in MarketEvent marketEvent, DateTimeOffset receivedAt, int tag);

    ValueTask<ReplayAnswer> AskAsync(QuoteRequest request, DateTimeOffset at, bool withFeatures);

    ValueTask DrainAsync();
}

/// <summary>The real engine, at the events' own times.</summary>
internal sealed class ReplayEngine(PricingReplay replay) : IReplayEngine
{
    public EngineStatistics Statistics => replay.Statistics;

    public Rejection Publish(in MarketEvent marketEvent, DateTimeOffset receivedAt, int tag) => replay.Publish(marketEvent, receivedAt, tag);

    public ValueTask<ReplayAnswer> AskAsync(QuoteRequest request, DateTimeOffset at, bool withFeatures) => replay.AskAsync(request, at, withFeatures);

    public ValueTask DrainAsync() => replay.DrainAsync();

    public ValueTask DisposeAsync() => replay.DisposeAsync();
}
