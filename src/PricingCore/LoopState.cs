using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Forecasts;
using PricingCore.Regions;
using PricingCore.Rules;
using PricingCore.Snapshots;
using PricingCore.Surge;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>All the state of one loop as one piece: written for a snapshot and read back, part by part in a fixed order.</summary>
/// <remarks>
/// What it depends on but does not hold must be the same when it is read: regions, products and models with their numbers, the number
/// of shards, the schema, the rules and the plan. Not written: what waits in the ring, who waits for answers, and published rows.
/// </remarks>
/// <threadsafety>One thread: the shard's loop, or whoever makes the loop before it starts.</threadsafety>
internal sealed class LoopState
{
    private readonly IdempotencyKeys _keys;
    private readonly RegionStates _states;
    private readonly FeatureStore _features;
    private readonly SupplyTracker _supply;
    private readonly NeighbourExchange _neighbours;
    private readonly OutdatedRows _outdated;
    private readonly ForecastDesk _forecasts;
    private readonly PendingRequests _pending;
    private readonly RedemptionTable _redemptions;
    private readonly DecisionMaker _decisions;
    private readonly AnswerDesk _answers;
    private readonly LoopCounters _counters;
    private readonly RegionDirectory _regions;
    private readonly NameTable _products;
    private readonly int _shard;
    private readonly int _shards;
    private readonly int[] _own;

    /// <param name="parts">The parts of the loop.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="regions">All regions.</param>
    /// <param name="products">All products.</param>
    /// <param name="shard">The number of the shard.</param>
    /// <param name="shards">How many there are.</param>
    public LoopState(in LoopParts parts, PricingLoop loop, RegionDirectory regions, NameTable products, int shard, int shards)
    {
        _keys = parts.Keys;
        _states = parts.States;
        _features = parts.Features;
        _supply = parts.Supply;
        _neighbours = parts.Neighbours;
        _outdated = parts.Outdated;
        _forecasts = parts.Forecasts;
        _pending = parts.Pending;
        _redemptions = parts.Redemptions;
        _decisions = parts.Decisions;
        _answers = loop.Answers;
        _counters = loop.Counters;
        _regions = regions;
        _products = products;
        _shard = shard;
        _shards = shards;
        _own = new int[regions.Capacity];
    }

    /// <summary>Writes everything but the regions, between two records, and has these copied as they are now.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="held">Gets the decisions in the book, to be written behind.</param>
    /// <param name="regionWriter">Where the regions go.</param>
    /// <returns>What copies the regions, before they change or when it is told to.</returns>
    public RegionCopy Cut(StateWriter writer, List<SurgeDecision> held, StateWriter regionWriter)
    {
        ReadOnlySpan<int> own = SaveTables(writer, held);
        var copy = new RegionCopy(_states, _shard, regionWriter);
        copy.Begin(own);
        return copy;
    }

    /// <summary>Writes everything at once, between two records; also while regions are copied for another.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="held">Gets the decisions in the book, to be written behind.</param>
    /// <param name="regionWriter">Where the regions go.</param>
    public void Save(StateWriter writer, List<SurgeDecision> held, StateWriter regionWriter)
    {
        ReadOnlySpan<int> own = SaveTables(writer, held);
        regionWriter.Begin(StateSection.Regions);
        regionWriter.Write(own.Length);
        foreach (int region in own)
        {
            regionWriter.Write(region);
            _states.Save(regionWriter, region);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<int> SaveTables(StateWriter writer, List<SurgeDecision> held)
    {
        int regions = _regions.Count; // Once: others may be added meanwhile.
        ReadOnlySpan<int> own = OwnRegions(regions);
        writer.Begin(StateSection.Loop);
        writer.Write(_shard);
        writer.Write(_shards);
        writer.Write(regions);
        _counters.Save(writer);
        _answers.Save(writer);
        SaveKeys(writer);
        _features.Save(writer);
        _supply.Save(writer);
        _neighbours.Save(writer);
        _outdated.Save(writer);
        _forecasts.Save(writer, own);
        _pending.Save(writer);
        _redemptions.Save(writer);
        _decisions.Save(writer, held, own);
        return own;
    }

    /// <summary>Reads what <see cref="Save"/> wrote into a loop that has handled nothing.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="rules">The rules that were followed; null for none.</param>
    /// <param name="plan">The plan that was followed.</param>
    /// <exception cref="SnapshotException">It does not fit this engine; the message says what to do. The loop must not be used.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(StateReader reader, RuleSet? rules, RolloutPlan plan)
    {
        reader.Expect(StateSection.Loop);
        (int shard, int shards) = (reader.Read<int>(), reader.Read<int>());
        if (shard != _shard || shards != _shards)
        {
            throw new SnapshotException($"The snapshot has shard {shard} of {shards} where this engine has {_shard} of {_shards}: start with PricingOptions.Shards = {shards}.");
        }

        int regions = reader.ReadCount(_regions.Count, "regions that are to be known by name");
        ReadOnlySpan<int> own = OwnRegions(regions);
        _counters.Load(reader);
        _answers.Load(reader);
        LoadKeys(reader);
        _features.Load(reader);
        _supply.Load(reader, regions);
        _neighbours.Load(reader);
        _outdated.Load(reader, regions);
        _forecasts.Load(reader, own, plan);
        _pending.Load(reader, regions, _products.Count);
        _redemptions.Load(reader);
        _decisions.Load(reader, own, rules);
        LoadRegions(reader, own);
        reader.Expect(StateSection.End);
    }

    /// <summary>Regions stand in the order in which they were copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadRegions(StateReader reader, ReadOnlySpan<int> own)
    {
        reader.Expect(StateSection.Regions);
        var missing = new HashSet<int>(own.Length);
        foreach (int region in own)
        {
            missing.Add(region);
        }

        bool isOwn = reader.Read<int>() == own.Length;
        for (int i = 0; i < own.Length && isOwn; i++)
        {
            int region = reader.Read<int>();
            isOwn = missing.Remove(region);
            if (isOwn)
            {
                _states.Load(reader, region);
            }
        }

        if (!isOwn)
        {
            throw new SnapshotException($"The snapshot has other regions in shard {_shard}: they have other names or numbers in this engine.");
        }
    }

    private void SaveKeys(StateWriter writer)
    {
        writer.Begin(StateSection.Keys);
        _keys.Read(out ReadOnlySpan<IdempotencyKeys.SeenKey> first, out ReadOnlySpan<IdempotencyKeys.SeenKey> second);
        writer.Write(first.Length + second.Length);
        writer.Write(first);
        writer.Write(second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadKeys(StateReader reader)
    {
        reader.Expect(StateSection.Keys);
        int count = reader.Read<int>();
        for (int i = 0; i < count; i++)
        {
            if (!_keys.TryRestore(reader.Read<IdempotencyKeys.SeenKey>()))
            {
                throw new SnapshotException($"The snapshot holds {count} idempotency keys (PricingOptions.MaxIdempotencyKeys); number {i} finds no room, or is there twice.");
            }
        }
    }

    /// <summary>The shard's regions among the first so many; those that come later have no state yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<int> OwnRegions(int count)
    {
        int own = 0;
        for (int region = 0; region < count; region++)
        {
            if (_regions.ShardOf(region, _shards) == _shard)
            {
                _own[own++] = region;
            }
        }

        return _own.AsSpan(0, own);
    }
}
