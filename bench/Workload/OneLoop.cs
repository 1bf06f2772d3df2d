using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Ring;
using PricingCore.Tokens;

namespace PricingCore.Bench.Workload;

/// <summary>The gate, the ring and one loop as an engine puts them together, without threads: the benchmark drives each by hand.</summary>
internal sealed class OneLoop
{
    private readonly IdempotencyKeys _keys;
    private readonly LoopOutputs _outputs;

    public OneLoop(MarketStream stream, bool publishesRows)
    {
        int count = stream.Regions.Count;
        var options = new PricingOptions { MaxRegions = count, Regions = stream.Regions, Rules = MarketStream.Rules };
        Regions = new RegionDirectory(options.Regions, options.OpenRegions, count, options.DefaultTimeZone);
        var products = new NameTable(options.MaxProducts);
        products.FindOrAdd("standard");
        Ring = new EventRing<AcceptedEvent>(options.RingCapacityEvents);
        _keys = new IdempotencyKeys(options.MaxIdempotencyKeys, UnixMicros.From(options.IdempotencyWindow));

        var states = new RegionStates(options.Schema, count);
        var clocks = new RegionClocks(Regions);
        var outdated = new OutdatedRows(states, publishesRows);
        var supply = new SupplyTracker(states, outdated, options.MaxUnits, UnixMicros.From(options.UnitTimeout));
        var features = new FeatureStore(states, Regions, clocks, supply, outdated, options.MaxSessions);
        var neighbours = new NeighbourExchange(new NeighbourBoard(count, 1), states, Regions, count, 0, 1);
        var book = new QuoteBook(count, options.MaxDecisions);
        Reader = new FeatureReader(features, states, clocks, neighbours);
        var models = new NameTable(8);
        models.FindOrAdd("model"); // Number 0, for those who follow a plan.
        var forecasts = new ForecastDesk(
            options.ForecastLimits,
            Reader,
            Regions,
            models,
            inline: null);
        var parts = new LoopParts
        {
            Ring = Ring,
            Idle = new IdleWait(),
            Keys = _keys,
            States = states,
            Features = features,
            Reader = Reader,
            Supply = supply,
            Neighbours = neighbours,
            Outdated = outdated,
            Forecasts = forecasts,
            Pending = new PendingRequests(options.MaxWaitingRequests, count),
            ArmDeadline = _ => { },
            Redemptions = new RedemptionTable(0),
            Decisions = new DecisionMaker(options, states, features, Reader, Regions, products, models, forecasts, new PriceDifferences(), book),
            DirtyAfterEvents = options.DirtyAfterEvents,
        };
        Loop = new PricingLoop(
            parts,
            _outputs = new LoopOutputs
            {
                Decisions = new(16, default),
                Publications = new(16, default),
                HandOvers = new(16, default),
                Forecasts = new(16, default),
                Redemptions = new(16, default),
                Rules = new(),
                Plans = new(),
                ReportSpike = _ => { },
            },
            CancellationToken.None);
        State = new LoopState(parts, Loop, Regions, products, shard: 0, shards: 1);
        Gate = new EventGate(
            Regions,
            products,
            new RateLimits(0, 0, count), // The stream is faster than any user: a limit would refuse it.
            options.SubjectKey.ToArray(),
            UnixMicros.From(options.AllowedLateness),
            UnixMicros.From(options.AllowedClockSkew));
    }

    public RegionDirectory Regions { get; }

    public EventGate Gate { get; }

    public EventRing<AcceptedEvent> Ring { get; }

    public PricingLoop Loop { get; }

    public FeatureReader Reader { get; }

    /// <summary>Saves and loads the loop.</summary>
    public LoopState State { get; }

    /// <summary>The keys of events that were seen.</summary>
    public IdempotencyKeys Keys => _keys;

    /// <summary>Has the loop decide every region.</summary>
    public void DecideAll(long now)
    {
        for (int region = 0; region < Regions.Count; region++)
        {
            Ring.TryPublish(AcceptedEvent.DecisionRequested(region, product: 0, now, Waiters<DecisionAnswer>.Nobody, afresh: true));
            Drain();
        }
    }

    /// <summary>Gate and ring, as a caller's thread runs them.</summary>
    public void Publish(in MarketEvent e, long now)
    {
        Rejection rejection = Gate.TryAccept(e, now, out AcceptedEvent accepted);
        if (rejection != Rejection.None || !Ring.TryPublish(accepted))
        {
            throw new InvalidOperationException($"The benchmark's event was refused: {rejection}.");
        }
    }

    /// <summary>Puts a tick into the ring.</summary>
    public void Tick(long now) => Ring.TryPublish(AcceptedEvent.Tick(now));

    /// <summary>Has the loop follow a plan of models.</summary>
    public void Follow(RolloutPlan plan, long now)
    {
        Ring.TryPublish(AcceptedEvent.ModelDeployed(_outputs.Plans.Add(new DeployedPlan(plan, IsNewRollout: true), readers: 1), now, 0));
        Drain();
    }

    /// <summary>Handles everything in the ring.</summary>
    public void Drain()
    {
        while (Loop.DrainBatch() > 0)
        {
        }
    }
}
