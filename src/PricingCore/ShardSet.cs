using PricingCore.Events;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Regions;
using PricingCore.Rules;

namespace PricingCore;

/// <summary>All shards of an engine, and which of them a record goes to.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ShardSet(RegionDirectory regions, Shard[] shards) : IDisposable
{
    private readonly Shard[] _shards = shards;

    public int Count => _shards.Length;

    /// <summary>Whether the loops have handled everything that was in the rings.</summary>
    public bool AreRingsEmpty => Array.TrueForAll(_shards, shard => shard.Ring.Count == 0);

    /// <summary>A shard by its number.</summary>
    public Shard At(int number) => _shards[number];

    /// <summary>The shard that holds a region.</summary>
    public Shard Of(int region) => _shards[regions.ShardOf(region, _shards.Length)];

    public long Sum(Func<LoopCounters, long> counter) => _shards.Sum(shard => counter(shard.Counters));

    /// <summary>How the prices of a roll-out's two models differ, loop by loop.</summary>
    public IReadOnlyCollection<PriceDifferences> Differences { get; } = Array.ConvertAll(shards, shard => shard.Differences);

    /// <summary>The latest time that a loop has seen; only while none runs.</summary>
    public long LatestTime => _shards.Max(shard => shard.Loop.Now);

    /// <summary>The rules that the first loop prices by; any thread.</summary>
    public RuleSet? RulesInForce => _shards[0].Loop.Rules;

    /// <summary>Whether every loop prices by these rules; only while none runs.</summary>
    public bool AllFollow(RuleSet rules) => Array.TrueForAll(_shards, shard => shard.Loop.Rules?.Hash == rules.Hash);

    /// <summary>The plan of models that the loops follow; only while none runs.</summary>
    public RolloutPlan Plan => _shards[0].Loop.Plan;

    /// <summary>Says where forecasts are asked for; only while no loop runs.</summary>
    public void AskAt(ForecastQueues queues) => Array.ForEach(_shards, shard => shard.Loop.AskAt(queues));

    /// <summary>The age of ticks is counted from here on, whatever was recovered; only while no loop runs.</summary>
    public void CountTicksFrom(long now) => Array.ForEach(_shards, shard => shard.Counters.LastTick = now);

    public void Start() => Array.ForEach(_shards, shard => shard.Start());

    /// <summary>Waits for all loops to end, after they were told to stop.</summary>
    public void Join() => Array.ForEach(_shards, shard => shard.Join());

    public void Dispose() => Array.ForEach(_shards, shard => shard.Dispose());

    /// <summary>Whether more than one loop must know of a record.</summary>
    public bool IsForSeveral(in AcceptedEvent accepted) => _shards.Length > 1 && IsForAll(accepted);

    /// <summary>Puts a record into its ring, or the rings of all shards that must know of it; all of them or none.</summary>
    public bool TryEnter(in AcceptedEvent accepted)
    {
        if (IsForSeveral(accepted))
        {
            return TryEnterAll(accepted);
        }

        Shard shard = HomeOf(accepted);
        if (!shard.Ring.TryPublish(accepted))
        {
            return false;
        }

        shard.Wake();
        return true;
    }

    /// <summary>Puts records, each about one region, into their rings until one finds no room.</summary>
    /// <returns>How many, from the first on.</returns>
    public int EnterFirst(ReadOnlySpan<AcceptedEvent> records)
    {
        if (_shards.Length == 1 && records.Length <= _shards[0].Ring.Capacity && _shards[0].Ring.TryPublish(records))
        {
            _shards[0].Wake(); // One claim and one wake-up for all.
            return records.Length;
        }

        int entered = 0;
        while (entered < records.Length && TryEnter(records[entered]))
        {
            entered++;
        }

        return entered;
    }

    /// <summary>Puts a record into every ring, or into none when one of them is full.</summary>
    /// <param name="accepted">The record; copies for shards that are not its home are marked as foreign.</param>
    /// <param name="receipts">Who waits for each shard; null when nobody does, or it is in the record.</param>
    public bool TryEnterAll(in AcceptedEvent accepted, int[]? receipts = null)
    {
        Span<long> positions = stackalloc long[_shards.Length];
        int claimed = 0;
        while (claimed < _shards.Length && _shards[claimed].Ring.TryClaim(1, out positions[claimed]))
        {
            claimed++;
        }

        bool isComplete = claimed == _shards.Length;
        Shard home = HomeOf(accepted);
        for (int i = 0; i < claimed; i++)
        {
            AcceptedEvent copy = isComplete ? accepted : default; // What was claimed must be published, if only as nothing.
            if (isComplete && _shards[i] != home)
            {
                copy.Flags |= AcceptedEventFlags.Foreign;
            }

            if (receipts is not null)
            {
                copy.Receipt = isComplete ? receipts[i] : 0;
            }

            _shards[i].Ring.Slot(positions[i]) = copy;
            _shards[i].Ring.Publish(positions[i], 1);
            _shards[i].Wake();
        }

        return isComplete;
    }

    /// <summary>Makes room for the record's idempotency key in every shard that it goes to.</summary>
    public bool TryReserveKey(in AcceptedEvent accepted)
    {
        if (!IsForAll(accepted))
        {
            return HomeOf(accepted).Keys.TryReserve();
        }

        for (int i = 0; i < _shards.Length; i++)
        {
            if (!_shards[i].Keys.TryReserve())
            {
                ReleaseFirst(i);
                return false;
            }
        }

        return true;
    }

    /// <summary>Forgets the keys whose window has passed; only while the loops stand still.</summary>
    public void ExpireKeys(long now) => Array.ForEach(_shards, shard => shard.Keys.Expire(now));

    /// <summary>Gives back the room made for the record's key.</summary>
    public void ReleaseKey(in AcceptedEvent accepted)
    {
        if (IsForAll(accepted))
        {
            ReleaseFirst(_shards.Length);
        }
        else
        {
            HomeOf(accepted).Keys.Release();
        }
    }

    /// <summary>Units may have been in a region of another shard, and some events are about every region.</summary>
    private static bool IsForAll(in AcceptedEvent e) =>
        (e.Region == AcceptedEvent.EveryRegion && e.Kind != MarketEventKind.QuoteRedeemed) || (EventGate.IsSupply(e.Kind) && e.Subject != 0);

    /// <summary>One shard remembers all redemptions, so that a token meets its own whatever becomes of its region or of the number of shards.</summary>
    private Shard HomeOf(in AcceptedEvent e) =>
        e.Region == AcceptedEvent.EveryRegion || e.Kind == MarketEventKind.QuoteRedeemed ? _shards[0] : Of(e.Region);

    private void ReleaseFirst(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _shards[i].Keys.Release();
        }
    }
}
