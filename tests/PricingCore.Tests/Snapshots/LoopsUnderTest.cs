using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Quality;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Ring;
using PricingCore.Rules;
using PricingCore.Snapshots;
using PricingCore.Tokens;

namespace PricingCore.Tests.Snapshots;

/// <summary>The loops of an engine as an engine puts them together, without threads: each record is handled when it is given.</summary>
internal sealed class LoopsUnderTest : IDisposable
{
    public const int Products = 3;

    private const int SmallBlock = 5_003; // So that a small market fills several, and values meet their ends.

    private readonly PricingOptions _options;
    private readonly PricingLoop[] _loops;
    private readonly EventRing<AcceptedEvent>[] _rings;
    private readonly IdempotencyKeys[] _keys;
    private readonly QuoteBook[] _books;
    private readonly LoopState[] _states;
    private readonly LoopOutputs _outputs;

    /// <param name="options">The engine's options.</param>
    /// <param name="measuresQuality">Whether data quality is measured, as in a live engine.</param>
    public LoopsUnderTest(PricingOptions options, bool measuresQuality = false)
    {
        _options = options;
        Regions = new RegionDirectory(options.Regions, options.OpenRegions, options.MaxRegions, options.DefaultTimeZone);
        ProductNames = new NameTable(options.MaxProducts);
        foreach (int product in Enumerable.Range(0, Products))
        {
            ProductNames.FindOrAdd("product-" + product);
        }

        Models = new NameTable(8);
        foreach (string model in new[] { "demand/1.0.0", "demand/1.1.0", "demand/2.0.0" })
        {
            Models.FindOrAdd(model);
        }

        Quality = measuresQuality ? new QualityBoard(options.MaxRegions, options.Schema, GateOf(options)) : null;
        Queues = new ForecastQueues(64, 64, options.Schema.Count);
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
        };
        var regionStates = new RegionStates(options.Schema, options.MaxRegions);
        var board = new NeighbourBoard(Regions.HasNeighbours ? options.Regions.Count : 0, options.Shards);
        _loops = new PricingLoop[options.Shards];
        _rings = new EventRing<AcceptedEvent>[options.Shards];
        _keys = new IdempotencyKeys[options.Shards];
        _books = new QuoteBook[options.Shards];
        _states = new LoopState[options.Shards];
        for (int shard = 0; shard < options.Shards; shard++)
        {
            Make(shard, regionStates, board);
        }
    }

    public RegionDirectory Regions { get; }

    public NameTable ProductNames { get; }

    public NameTable Models { get; }

    public QualityBoard? Quality { get; }

    public ForecastQueues Queues { get; }

    public int Shards => _options.Shards;

    public int ReservedKeys => _keys.Sum(keys => keys.Reserved);

    /// <summary>Regions get the numbers that they have elsewhere.</summary>
    public void AddNamesOf(LoopsUnderTest other)
    {
        for (int region = Regions.Count; region < other.Regions.Count; region++)
        {
            Regions.FindOrAdd(other.Regions.IdOf(region));
        }
    }

    /// <summary>Handles a record in every shard that it goes to, as an engine routes it.</summary>
    public void Handle(in AcceptedEvent record)
    {
        bool isForAll = record.Region == AcceptedEvent.EveryRegion || (EventGate.IsSupply(record.Kind) && record.Subject != 0);
        int home = record.Region == AcceptedEvent.EveryRegion ? 0 : Regions.ShardOf(record.Region, Shards);
        for (int shard = 0; shard < Shards; shard++)
        {
            if (shard == home || isForAll)
            {
                AcceptedEvent copy = record;
                copy.Flags |= shard == home ? 0 : AcceptedEventFlags.Foreign;
                Handle(shard, copy);
            }
        }

        Forget(Queues.Urgent);
        Forget(Queues.Refresh);
    }

    public void Publish(RuleSet rules, long now) => Handle(AcceptedEvent.RulesPublished(_outputs.Rules.Add(rules, Shards), now, 0));

    public void Publish(RolloutPlan plan, bool isNewRollout, long now) =>
        Handle(AcceptedEvent.ModelDeployed(_outputs.Plans.Add(new DeployedPlan(plan, isNewRollout), Shards), now, 0));

    /// <summary>The state of a shard as the blocks of a snapshot.</summary>
    public byte[][] Save(int shard)
    {
        using var copy = new LoopCopy(default, 0, SmallBlock);
        copy.Take(_states[shard]);
        return [.. copy.ToBlocks().Select(block => block.ToArray())];
    }

    /// <summary>Begins a copy of a shard that is made while it goes on.</summary>
    public LoopCopy Cut(int shard)
    {
        var copy = new LoopCopy(default, 0, SmallBlock);
        copy.Cut(_states[shard]);
        return copy;
    }

    public void Load(int shard, byte[][] blocks, RuleSet? rules, RolloutPlan plan)
    {
        StateReader reader = StateReader.Of(blocks.Select(block => (ReadOnlyMemory<byte>)block));
        _states[shard].Load(reader, rules, plan);
        Assert.True(reader.IsAtEnd);
    }

    public void Dispose() => Queues.Dispose();

    private EventGate GateOf(PricingOptions options) => new(
        Regions, ProductNames, new RateLimits(0, 0, options.MaxRegions), new byte[16], UnixMicros.From(options.AllowedLateness), UnixMicros.From(options.AllowedClockSkew));

    private static void Forget(ForecastQueue queue) => queue.Release(queue.Available(64));

    private void Handle(int shard, in AcceptedEvent record)
    {
        if ((record.Flags & AcceptedEventFlags.HasKey) != 0 && !_keys[shard].TryReserve())
        {
            return; // As the border would refuse it.
        }

        Assert.True(_rings[shard].TryPublish(record));
        Assert.Equal(1, _loops[shard].DrainBatch());
    }

    private void Make(int shard, RegionStates states, NeighbourBoard board)
    {
        _rings[shard] = new EventRing<AcceptedEvent>(64);
        _keys[shard] = new IdempotencyKeys(_options.MaxIdempotencyKeys, UnixMicros.From(_options.IdempotencyWindow));
        _books[shard] = new QuoteBook(_options.MaxRegions, _options.MaxDecisions);
        var clocks = new RegionClocks(Regions);
        var outdated = new OutdatedRows(states, isUsed: true);
        var supply = new SupplyTracker(states, outdated, _options.MaxUnits, UnixMicros.From(_options.UnitTimeout));
        var features = new FeatureStore(states, Regions, clocks, supply, outdated, _options.MaxSessions);
        var neighbours = new NeighbourExchange(board, states, Regions, _options.Regions.Count, shard, Shards);
        var reader = new FeatureReader(features, states, clocks, neighbours);
        var forecasts = new ForecastDesk(_options.ForecastLimits, reader, Regions, Models, inline: null);
        var parts = new LoopParts
        {
            Ring = _rings[shard],
            Idle = new IdleWait(),
            Keys = _keys[shard],
            States = states,
            Features = features,
            Reader = reader,
            Supply = supply,
            Neighbours = neighbours,
            Outdated = outdated,
            Forecasts = forecasts,
            Pending = new PendingRequests(_options.MaxWaitingRequests, _options.MaxRegions),
            Redemptions = new RedemptionTable(shard == 0 ? 64 : 0),
            ArmDeadline = _ => { },
            Decisions = new DecisionMaker(_options, states, features, reader, Regions, ProductNames, Models, forecasts, new PriceDifferences(), _books[shard]),
            Watch = Quality?.AddWatch(states, features, reader, forecasts),
            DirtyAfterEvents = _options.DirtyAfterEvents,
        };
        _loops[shard] = new PricingLoop(parts, _outputs, CancellationToken.None);
        _states[shard] = new LoopState(parts, _loops[shard], Regions, ProductNames, shard, Shards);
    }
}
