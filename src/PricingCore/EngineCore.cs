using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Rules;

namespace PricingCore;

/// <summary>Gate, shards and directories, without a clock: the callers say what time it is.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EngineCore : IDisposable
{
    private const int MaxModels = 1_024;

    private readonly PricingOptions _options;
    private readonly EventGate _gate;
    private readonly Shard[] _shards;
    private readonly LoopOutputs _outputs;
    private readonly RegionStates _states;
    private readonly NameTable _models = new(MaxModels);
    private readonly CancellationTokenSource _stopping = new();
    private volatile bool _isClosed;

    public EngineCore(PricingOptions options, bool publishesRows, Action<int, Rejection>? onDropped = null)
    {
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException("The options are refused:\n" + string.Join('\n', errors), nameof(options));
        }

        _options = options;
        Regions = new RegionDirectory(options.Regions, options.OpenRegions, options.MaxRegions, options.DefaultTimeZone);
        Products = new NameTable(options.MaxProducts);
        var limits = new RateLimits(options.UserEventsPerMinute, options.RegionEventsPerSecond, options.MaxRegions);
        _gate = new EventGate(
            Regions, Products, limits, options.SubjectKey.ToArray(), UnixMicros.From(options.AllowedLateness), UnixMicros.From(options.AllowedClockSkew));
        _outputs = new LoopOutputs
        {
            Decisions = new Waiters<DecisionAnswer>(options.MaxWaitingRequests, new DecisionAnswer(QuoteRefusal.Stopped, null, false, null)),
            Publications = new Waiters<Rejection>(options.MaxWaitingRequests, Rejection.Stopped),
            Rules = new PublishedRules(),
            OnDropped = onDropped,
            ReportSpike = region => EngineLog.DemandSpike(options.Logger, Regions.IdOf(region)),
        };
        _states = new RegionStates(options.Schema, options.MaxRegions);
        var board = new NeighbourBoard(Regions.HasNeighbours ? options.Regions.Count : 0, options.Shards);
        _shards = [.. Enumerable.Range(0, options.Shards).Select(number => new Shard(
            number, options, _states, Regions, Products, _models, board, publishesRows, _outputs, OnLoopFailed, _stopping.Token))];
        Array.ForEach(_shards, shard => shard.Start());
    }

    public RegionDirectory Regions { get; }

    public NameTable Products { get; }

    public bool IsClosed => _isClosed;

    /// <summary>Why a loop has ended that should not have; null while all run.</summary>
    public Exception? Failure { get; private set; }

    public FeatureSchema Schema => _states.Schema;

    public PublishedRows Rows => _states.Rows;

    /// <summary>The shard that holds a region.</summary>
    public Shard ShardOf(int region) => _shards[Regions.ShardOf(region, _shards.Length)];

    /// <summary>The number of a region that somebody wants priced, added if regions are open; negative when it is not to be had.</summary>
    public int FindRegion(string? id) => EventGate.IsText(id, EventGate.MaxNameLength) && id != MarketEvent.AllRegions ? Regions.FindOrAdd(id!) : NameTable.Unknown;

    /// <summary>The number of a product that somebody wants priced; negative when it is not to be had.</summary>
    public int FindProduct(string? id) => EventGate.IsText(id, EventGate.MaxNameLength) ? Products.FindOrAdd(id!) : NameTable.Unknown;

    /// <summary>Why a request cannot even be asked.</summary>
    public QuoteRefusal FindRefusal(in QuoteRequest request, int region, int product) =>
        _isClosed ? QuoteRefusal.Stopped
        : !EventGate.IsText(request.RegionId, EventGate.MaxNameLength) || !EventGate.IsText(request.ProductType, EventGate.MaxNameLength)
            ? QuoteRefusal.InvalidRequest
        : !QuoteReader.IsBaseLegal(request) ? QuoteRefusal.InvalidBasePrice
        : region < 0 ? QuoteRefusal.UnknownRegion
        : product < 0 ? QuoteRefusal.TooManyProducts
        : QuoteRefusal.None;

    /// <summary>Checks an event and reserves what it needs to enter; nothing has entered yet.</summary>
    /// <remarks><paramref name="waitsForRoom"/> is for a replay, the only one to publish, so that the loops stand still once the rings are empty.</remarks>
    public Rejection Accept(in MarketEvent e, long now, out AcceptedEvent accepted, bool waitsForRoom = false)
    {
        if (_isClosed)
        {
            accepted = default;
            return _gate.Count(Rejection.Stopped);
        }

        Rejection reason = _gate.TryAccept(e, now, out accepted);
        if (reason == Rejection.TooOld)
        {
            _options.LateEventSink?.Invoke(e);
        }

        if (reason == Rejection.None && (accepted.Flags & AcceptedEventFlags.HasKey) != 0 && !TryReserveKey(accepted)
            && !(waitsForRoom && TryReserveKeyAfterDraining(accepted)))
        {
            return _gate.Count(Rejection.Busy);
        }

        return reason;
    }

    /// <summary>Puts an accepted event into its ring, or the rings of all shards that must know of it; all of them or none.</summary>
    public bool TryEnter(in AcceptedEvent accepted)
    {
        if (_shards.Length > 1 && IsForAll(accepted))
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

    /// <summary>Gives back what <see cref="Accept"/> reserved, and counts the event as refused.</summary>
    public Rejection Withdraw(in AcceptedEvent accepted)
    {
        if ((accepted.Flags & AcceptedEventFlags.HasKey) != 0)
        {
            ReleaseKey(accepted, _shards.Length);
        }

        return _gate.Count(Rejection.Busy);
    }

    /// <summary>Tells every loop what time it is; <see langword="false"/>, and none is told, when a ring is full.</summary>
    public bool TryTick(long now) => TryEnterAll(AcceptedEvent.Tick(now));

    /// <summary>Asks the region's loop for a decision.</summary>
    /// <returns>The answer; <see cref="QuoteRefusal.Busy"/> when too many wait or the ring is full.</returns>
    public Task<DecisionAnswer> AskAsync(int region, int product, long now, AcceptedEventFlags flags)
    {
        if (!_outputs.Decisions.TryEnter(out int receipt, out Task<DecisionAnswer> answer))
        {
            return Task.FromResult(new DecisionAnswer(_isClosed ? QuoteRefusal.Stopped : QuoteRefusal.Busy, null, false, null));
        }

        AcceptedEvent request = AcceptedEvent.DecisionRequested(region, product, now, receipt, afresh: false);
        request.Flags = flags;
        if (!TryEnter(request))
        {
            _outputs.Decisions.Complete(receipt, new DecisionAnswer(QuoteRefusal.Busy, null, false, null));
        }

        return answer;
    }

    /// <summary>Asks the region's loop for a decision without waiting for it; lost when the ring is full.</summary>
    public void Ask(int region, int product, long now, AcceptedEventFlags flags)
    {
        AcceptedEvent request = AcceptedEvent.DecisionRequested(region, product, now, Waiters<DecisionAnswer>.Nobody, afresh: false);
        request.Flags = flags;
        _ = !_isClosed && TryEnter(request);
    }

    /// <summary>Takes a place among those who wait for their event to be applied.</summary>
    public bool TryAwaitPublication(out int receipt, out Task<Rejection> outcome) => _outputs.Publications.TryEnter(out receipt, out outcome);

    /// <summary>Answers somebody who waits for a publication that did not enter.</summary>
    public void CancelPublication(int receipt, Rejection outcome) => _outputs.Publications.Complete(receipt, outcome);

    /// <summary>Publishes a rule set to every loop.</summary>
    /// <returns>Completes when the last loop prices by it, with <see cref="Rejection.Busy"/> when a ring was full.</returns>
    public async Task<Rejection> PublishRulesAsync(RuleSet rules, long now)
    {
        int number = _outputs.Rules.Add(rules, _shards.Length);
        var receipts = new int[_shards.Length];
        var outcomes = new Task<Rejection>[_shards.Length];
        bool canEnter = true;
        for (int i = 0; i < _shards.Length; i++)
        {
            canEnter &= _outputs.Publications.TryEnter(out receipts[i], out outcomes[i]);
        }

        if (!canEnter || !TryEnterAll(AcceptedEvent.RulesPublished(number, now, 0), receipts))
        {
            _outputs.Rules.Remove(number);
            Array.ForEach(receipts, receipt => CancelPublication(receipt, Rejection.Busy));
            return _isClosed ? Rejection.Stopped : Rejection.Busy;
        }

        Rejection[] all = await Task.WhenAll(outcomes).ConfigureAwait(false);
        return all.FirstOrDefault(outcome => outcome != Rejection.None);
    }

    /// <summary>The number of a model version, for forecasts on their way through the ring.</summary>
    public int ModelNumber(string version) => _models.FindOrAdd(version);

    /// <summary>Waits until the loops have handled everything that is in the rings.</summary>
    public void Drain()
    {
        SpinWait spin = default;
        foreach (Shard shard in _shards)
        {
            while (shard.Ring.Count > 0 && !_isClosed)
            {
                spin.SpinOnce();
            }
        }
    }

    public EngineStatistics ReadStatistics() => new()
    {
        Accepted = _shards.Sum(s => s.Counters.Applied + s.Counters.Duplicates),
        Applied = _shards.Sum(s => s.Counters.Applied),
        Duplicates = _shards.Sum(s => s.Counters.Duplicates),
        Late = _shards.Sum(s => s.Counters.LateEvents),
        Decisions = _shards.Sum(s => s.Counters.Decisions),
        Fallbacks = _shards.Sum(s => s.Counters.Fallbacks),
        StaleDecisions = _shards.Sum(s => s.Counters.StaleDecisions),
        DemandSpikes = _shards.Sum(s => s.Counters.DemandSpikes),
        Regions = Regions.Count,
        Rejected = Enum.GetValues<Rejection>()
            .Where(reason => reason != Rejection.None && _gate.RejectedFor(reason) > 0)
            .ToDictionary(reason => reason, _gate.RejectedFor),
    };

    /// <summary>Refuses everything new, lets the loops finish what is in the rings, and ends them.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _stopping.Cancel();
        Array.ForEach(_shards, shard => shard.Join());
        _outputs.Decisions.Close();
        _outputs.Publications.Close();
        Array.ForEach(_shards, shard => shard.Dispose());
        _stopping.Dispose();
    }

    /// <summary>Units may have been in a region of another shard, and some events are about every region.</summary>
    private static bool IsForAll(in AcceptedEvent e) =>
        e.Region == AcceptedEvent.EveryRegion || (EventGate.IsSupply(e.Kind) && e.Subject != 0);

    private Shard HomeOf(in AcceptedEvent e) => e.Region == AcceptedEvent.EveryRegion ? _shards[0] : ShardOf(e.Region);

    private bool TryEnterAll(in AcceptedEvent accepted, int[]? receipts = null)
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

    /// <summary>Room counts once the loop has come as far as the publisher: whether there is any must not depend on how far it lags.</summary>
    private bool TryReserveKeyAfterDraining(in AcceptedEvent accepted)
    {
        Drain();
        foreach (Shard shard in _shards)
        {
            shard.Keys.Expire(accepted.ReceivedAt);
        }

        return TryReserveKey(accepted);
    }

    private bool TryReserveKey(in AcceptedEvent accepted)
    {
        if (!IsForAll(accepted))
        {
            return HomeOf(accepted).Keys.TryReserve();
        }

        for (int i = 0; i < _shards.Length; i++)
        {
            if (!_shards[i].Keys.TryReserve())
            {
                ReleaseKey(accepted, i);
                return false;
            }
        }

        return true;
    }

    private void ReleaseKey(in AcceptedEvent accepted, int shards)
    {
        if (!IsForAll(accepted))
        {
            HomeOf(accepted).Keys.Release();
            return;
        }

        for (int i = 0; i < shards; i++)
        {
            _shards[i].Keys.Release();
        }
    }

    private void OnLoopFailed(Exception failure)
    {
        Failure = failure;
        _isClosed = true;
        EngineLog.LoopFailed(_options.Logger, failure);
        _stopping.Cancel(); // Other loops may wait for the one that is gone.
        _outputs.Decisions.Close();
        _outputs.Publications.Close();
    }
}
