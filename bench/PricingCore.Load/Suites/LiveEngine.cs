using PricingCore.Bench.Workload;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Regions;

namespace PricingCore.Load.Suites;

/// <summary>An engine with its own threads and the real clock, fed from a stream.</summary>
internal sealed class LiveEngine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MarketStream _stream;

    public LiveEngine(MarketStream stream, PricingOptions options)
    {
        _stream = stream;
        options.Rules = MarketStream.Rules;
        options.Regions = stream.Regions;
        options.UserEventsPerMinute = 0;
        Engine = PricingEngine.Start(options);
    }

    public PricingEngine Engine { get; }

    /// <summary>Publishes events as of now, tells somebody else of each, and waits until they are in the features.</summary>
    public void PublishSome(int events, Action<MarketEvent, long>? tell = null)
    {
        long before = Engine.Statistics.Applied;
        for (int i = 0; i < events; i++)
        {
            long now = UnixMicros.From(TimeProvider.System.GetUtcNow());
            var e = _stream.At(i, now);
            tell?.Invoke(e, now);
            Publish(e);
        }

        WaitUntilApplied(before + events);
    }

    /// <summary>Publishes a search in each region: until its first event or the first tick a region's features are stale, and the rules alone decide.</summary>
    public void SearchEverywhere()
    {
        long before = Engine.Statistics.Applied;
        foreach (Region region in _stream.Regions)
        {
            Publish(MarketEvent.Search(region.Id, TimeProvider.System.GetUtcNow()));
        }

        WaitUntilApplied(before + _stream.Regions.Count);
    }

    /// <summary>Throws when the engine has not applied so many events, no more and no less, within half a minute.</summary>
    public void WaitUntilApplied(long events)
    {
        if (!SpinWait.SpinUntil(() => Engine.Statistics.Applied >= events, Patience) || Engine.Statistics.Applied != events)
        {
            throw new InvalidOperationException($"{events} events were accepted, but {Engine.Statistics.Applied} applied.");
        }
    }

    /// <summary>Has a decision made for each request.</summary>
    public void Decide(IEnumerable<QuoteRequest> requests)
    {
        foreach (QuoteRequest request in requests)
        {
            Engine.QuoteAsync(request).AsTask().GetAwaiter().GetResult();
        }
    }

    public void Dispose() => Engine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Publish(MarketEvent e)
    {
        while (!Engine.TryPublish(e))
        {
            Thread.Yield(); // The ring is full.
        }
    }
}
