using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.Replay;

/// <summary>CONTRACT STUB: an engine whose time is that of the events given to it; the same input gives the same bytes.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed class PricingReplay : IAsyncDisposable
{
    /// <summary>Starts a replay. The TimeProvider of the options is not used.</summary>
    /// <param name="options">The options.</param>
    /// <param name="onDropped">Called (on a loop thread) for each published event the loop dropped as a duplicate, with the tag it was published with.</param>
    public static PricingReplay Start(PricingOptions options, Action<int, Rejection>? onDropped = null) => throw new NotImplementedException();

    /// <summary>The current time: the largest receive time or request time so far.</summary>
    public DateTimeOffset Now => throw new NotImplementedException();

    /// <summary>Publishes an event as received at a time (never earlier than the one before). Waits while the ring is full. Emits ticks for the time that passed.</summary>
    public Rejection Publish(in MarketEvent marketEvent, DateTimeOffset receivedAt, int tag = 0) => throw new NotImplementedException();

    /// <summary>Asks for a fresh decision as of a time, from exactly the events published before this call.</summary>
    public ValueTask<ReplayAnswer> AskAsync(QuoteRequest request, DateTimeOffset at, bool withFeatures = false) => throw new NotImplementedException();

    /// <summary>Completes when the loops have applied everything published so far.</summary>
    public ValueTask DrainAsync() => throw new NotImplementedException();

    /// <summary>Counters since the start.</summary>
    public EngineStatistics Statistics => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
