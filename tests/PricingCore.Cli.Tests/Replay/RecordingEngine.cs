using System.Globalization;
using PricingCore.Cli.Replay;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Replay;

namespace PricingCore.Cli.Tests.Replay;

/// <summary>Writes down what a replay asks of the engine, and refuses every quote.</summary>
internal sealed class RecordingEngine(DroppedEvents dropped) : IReplayEngine
{
    private readonly HashSet<string> _keys = [];

    /// <summary>One word a call, such as <c>event a 00:10</c> or <c>ask q1 00:10</c>.</summary>
    public List<string> Calls { get; } = [];

    public EngineStatistics Statistics { get; } = new();

    public Rejection Publish(in MarketEvent marketEvent, DateTimeOffset receivedAt, int tag)
    {
        Calls.Add(string.Create(CultureInfo.InvariantCulture, $"event {marketEvent.RegionId} {receivedAt:HH:mm}"));
        if (marketEvent.IdempotencyKey is { } key && !_keys.Add(key))
        {
            dropped.Drop(tag, Rejection.Duplicate);
        }

        return marketEvent.RegionId == "closed" ? Rejection.UnknownRegion : Rejection.None;
    }

    public ValueTask<ReplayAnswer> AskAsync(QuoteRequest request, DateTimeOffset at, bool withFeatures)
    {
        Calls.Add(string.Create(CultureInfo.InvariantCulture, $"ask {request.RequestId} {at:HH:mm} {request.BaseMinorUnits}").TrimEnd());
        return new ValueTask<ReplayAnswer>(new ReplayAnswer(QuoteRefusal.NoRule, default, default));
    }

    public ValueTask DrainAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
