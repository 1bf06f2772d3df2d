using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Ring;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>The one writer of a shard: takes records from the ring and does what they say, in order.</summary>
/// <remarks>
/// ring -> features -> forecast -> surge -> quotes. Reads no clock, no random number and no file: time is that of the records, so
/// the same records give the same state and the same decisions.
/// </remarks>
/// <threadsafety>Runs on one thread; <see cref="Counters"/> may be read by any.</threadsafety>
internal sealed class PricingLoop
{
    private const int MaxBatch = 256;
    private const int LookAhead = 8;

    private readonly EventRing<AcceptedEvent> _ring;
    private readonly IdleWait _idle;
    private readonly IdempotencyKeys _keys;
    private readonly RegionStates _states;
    private readonly FeatureStore _features;
    private readonly FeatureReader _reader;
    private readonly SupplyTracker _supply;
    private readonly NeighbourExchange _neighbours;
    private readonly OutdatedRows _outdated;
    private readonly ForecastDesk _forecasts;
    private readonly DecisionMaker _decisions;
    private readonly RedemptionTable _redemptions;
    private readonly AnswerDesk _answers;
    private readonly LoopOutputs _outputs;
    private readonly float[] _row;
    private readonly int _dirtyAfterEvents;
    private readonly CancellationToken _stopping;
    private long _touched;

    public PricingLoop(in LoopParts parts, LoopOutputs outputs, CancellationToken stopping)
    {
        _ring = parts.Ring;
        _idle = parts.Idle;
        _keys = parts.Keys;
        _states = parts.States;
        _features = parts.Features;
        _reader = parts.Reader;
        _supply = parts.Supply;
        _neighbours = parts.Neighbours;
        _outdated = parts.Outdated;
        _forecasts = parts.Forecasts;
        _decisions = parts.Decisions;
        _redemptions = parts.Redemptions;
        _dirtyAfterEvents = parts.DirtyAfterEvents;
        _row = new float[parts.States.Schema.Count];
        _outputs = outputs;
        _stopping = stopping;
        _answers = new AnswerDesk(parts, outputs, Counters);
    }

    /// <summary>What the loop has counted.</summary>
    public LoopCounters Counters { get; } = new();

    /// <summary>Runs until it is told to stop and the ring is empty.</summary>
    public void Run()
    {
        while (true)
        {
            if (DrainBatch() > 0)
            {
                _idle.Reset();
            }
            else if (!_idle.TrySpin() && !Sleep())
            {
                HandleLast();
                return;
            }
        }
    }

    /// <summary>Handles the records that wait, up to a batch.</summary>
    /// <returns>How many.</returns>
    public int DrainBatch()
    {
        int count = _ring.Available(MaxBatch);
        for (int i = 0; i < count; i++)
        {
            // The state of a region is rarely in the cache: load eight at a time, so that the misses overlap.
            if (i % LookAhead == 0)
            {
                TouchAhead(i, Math.Min(count, i + LookAhead));
            }

            Handle(_ring.Peek(i));
        }

        if (count > 0)
        {
            Counters.LateEvents = _features.LateEvents; // Before the release, by which others see that the batch is done.
            _ring.Release(count);
        }

        return count;
    }

    /// <summary>Handles what producers still bring that were let in before the engine closed, and refuses the rest.</summary>
    /// <remarks>Takes every free slot and frees none, so that the ring is full for good; what was claimed before that is waited for.</remarks>
    private void HandleLast()
    {
        while (_ring.TryClaim(1, out long position))
        {
            _ring.Slot(position) = default;
            _ring.Publish(position, 1);
        }

        int ready = 0;
        SpinWait spin = default;
        for (int i = 0; i < _ring.Capacity; i++)
        {
            while (i >= ready)
            {
                ready = _ring.Available(_ring.Capacity);
                spin.SpinOnce();
            }

            Handle(_ring.Peek(i));
        }
    }

    private void Handle(in AcceptedEvent e)
    {
        _features.MoveTo(e.ReceivedAt);
        switch (e.Kind)
        {
            case MarketEventKind.Tick:
                Tick(e);
                break;
            case MarketEventKind.DecisionRequested:
                _answers.Decide(e);
                break;
            case MarketEventKind.ForecastReady:
                _answers.Take(e);
                break;
            case MarketEventKind.ForecastMissed:
                _answers.Miss(e);
                break;
            case MarketEventKind.ForecastRequested:
                _answers.Forecast(e);
                break;
            case MarketEventKind.ForecastsDue:
                _answers.EndWaits();
                break;
            case MarketEventKind.ModelDeployed:
                Use(_outputs.Plans.Take((int)e.KeyHigh));
                _outputs.Publications.Complete(e.Receipt, Rejection.None);
                break;
            case MarketEventKind.RulesPublished:
                _decisions.Use(_outputs.Rules.Take((int)e.KeyHigh));
                _outputs.Publications.Complete(e.Receipt, Rejection.None);
                break;
            case MarketEventKind.QuoteRedeemed:
                _outputs.Redemptions.Complete(e.Receipt, _redemptions.Apply(e, _features.Now));
                break;
            case MarketEventKind.None:
                break; // A slot that was claimed for an event which another shard's ring refused.
            default:
                Apply(e);
                break;
        }
    }

    private void Apply(in AcceptedEvent e)
    {
        if (e.Region == AcceptedEvent.EveryRegion)
        {
            _answers.LastInputAt = _features.Now;
        }

        bool isForeign = (e.Flags & AcceptedEventFlags.Foreign) != 0;
        if ((e.Flags & AcceptedEventFlags.HasKey) != 0 && !_keys.TryAdd(e.KeyLow, e.KeyHigh, _features.Now))
        {
            if (!isForeign)
            {
                Counters.Duplicates++;
                Answer(e, Rejection.Duplicate);
            }

            return;
        }

        if (isForeign && e.Region != AcceptedEvent.EveryRegion)
        {
            _supply.Apply(e, _features.Now);
            return;
        }

        _features.Apply(e);
        if (e.Region != AcceptedEvent.EveryRegion)
        {
            InvalidateIfChanged(e);
        }

        if (!isForeign)
        {
            Counters.Applied++;
            Answer(e, Rejection.None);
        }
    }

    private void InvalidateIfChanged(in AcceptedEvent e)
    {
        ref RegionState state = ref _states[e.Region];
        bool isSpike = e.Kind == MarketEventKind.Booking && _decisions.HasSpikeBegun(e.Region);
        if (isSpike)
        {
            Counters.DemandSpikes++;
            _outputs.ReportSpike(e.Region);
        }

        if (isSpike || e.Kind == MarketEventKind.Alert || state.EventsSinceDecision >= _dirtyAfterEvents)
        {
            state.EventsSinceDecision = 0;
            _decisions.Invalidate(e.Region);
        }
    }

    private void Tick(in AcceptedEvent e)
    {
        _answers.LastInputAt = _features.Now;
        _supply.Expire(_features.Now);
        _keys.Expire(_features.Now);
        _neighbours.PostIfMinuteIsNew(_features, UnixMicros.MinuteOf(e.OccurredAt), _stopping);
        _outdated.Publish(_reader, _features.Now, _features.NowMinute, _row, _forecasts);
    }

    private void Use(in DeployedPlan deployed)
    {
        _answers.Use(deployed.Plan, deployed.IsNewRollout);
        _outdated.AddAllSeen(); // Every region needs a forecast of the new models.
    }

    private void Answer(in AcceptedEvent e, Rejection outcome)
    {
        if (e.Receipt == 0)
        {
            return;
        }

        if ((e.Flags & AcceptedEventFlags.Tagged) == 0)
        {
            _outputs.Publications.Complete(e.Receipt, outcome);
        }
        else if (outcome != Rejection.None)
        {
            _outputs.OnDropped?.Invoke(e.Receipt, outcome);
        }
    }

    private void TouchAhead(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            _touched ^= _features.TouchAhead(_ring.Peek(i));
        }
    }

    /// <summary>Sleeps until there is work; <see langword="false"/> when the engine stops and nothing is left to do.</summary>
    private bool Sleep()
    {
        _idle.BeginSleep();
        if (_ring.Available(1) > 0)
        {
            _idle.CancelSleep();
            return true;
        }

        if (_stopping.IsCancellationRequested)
        {
            return false;
        }

        _idle.Park(Timeout.InfiniteTimeSpan);
        return true;
    }
}
