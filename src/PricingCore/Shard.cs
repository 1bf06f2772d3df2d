using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Ring;

namespace PricingCore;

/// <summary>A share of the regions: its ring, its loop and the thread that runs it.</summary>
/// <threadsafety><see cref="Ring"/>, <see cref="Keys"/> and <see cref="Book"/> each say what any thread may do.</threadsafety>
internal sealed class Shard : IDisposable
{
    private readonly IdleWait _idle = new();
    private readonly Thread _thread;
    private readonly PricingLoop _loop;

    public Shard(
        int number, PricingOptions options, RegionStates states, RegionDirectory regions, NameTable products, NameTable models,
        NeighbourBoard board, bool publishesRows, LoopOutputs outputs, Action<Exception> onFailure, CancellationToken stopping)
    {
        Ring = new EventRing<AcceptedEvent>(options.RingCapacityEvents);
        Keys = new IdempotencyKeys(options.MaxIdempotencyKeys, UnixMicros.From(options.IdempotencyWindow));
        Book = new QuoteBook(options.MaxRegions, options.MaxDecisions);

        var clocks = new RegionClocks(regions);
        var outdated = new OutdatedRows(states, publishesRows);
        var supply = new SupplyTracker(states, outdated, options.MaxUnits, UnixMicros.From(options.UnitTimeout));
        var features = new FeatureStore(states, regions, clocks, supply, outdated, options.MaxSessions);
        var neighbours = new NeighbourExchange(board, states, regions, options.Regions.Count, number, options.Shards);
        var reader = new FeatureReader(features, states, clocks, neighbours);
        var forecasts = new OutsideForecasts(options.MaxRegions);
        _loop = new PricingLoop(
            new LoopParts
            {
                Ring = Ring,
                Idle = _idle,
                Keys = Keys,
                States = states,
                Features = features,
                Reader = reader,
                Supply = supply,
                Neighbours = neighbours,
                Outdated = outdated,
                Forecasts = forecasts,
                Decisions = new DecisionMaker(options, states, features, reader, regions, products, models, forecasts, Book),
                DirtyAfterEvents = options.DirtyAfterEvents,
            },
            outputs,
            stopping);
        _thread = new Thread(() => Run(onFailure)) { IsBackground = true, Name = $"PricingCore loop {number}" };
    }

    public EventRing<AcceptedEvent> Ring { get; }

    public IdempotencyKeys Keys { get; }

    public QuoteBook Book { get; }

    public LoopCounters Counters => _loop.Counters;

    public void Start() => _thread.Start();

    /// <summary>Lets the loop know that there is something in the ring.</summary>
    public void Wake() => _idle.WakeIfSleeping();

    /// <summary>Waits for the loop to end, after it was told to stop.</summary>
    public void Join()
    {
        Wake();
        _thread.Join();
    }

    public void Dispose() => _idle.Dispose();

    private void Run(Action<Exception> onFailure)
    {
        try
        {
            _loop.Run();
        }
#pragma warning disable CA1031 // Whatever it is: the engine must learn that this loop is gone, and its waiters must not wait for ever.
        catch (Exception failure)
        {
            onFailure(failure);
        }
#pragma warning restore CA1031
    }
}
