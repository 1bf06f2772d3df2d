using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>The one writer of a shard: takes records from the ring and does what they say, in order.</summary>
/// <remarks>
/// ring -> journal -> features -> forecast -> surge -> quotes. Reads no clock, no random number and no file: time is that of the records, so
/// the same records give the same state and the same decisions.
/// </remarks>
/// <threadsafety>Runs on one thread; <see cref="Counters"/> may be read by any.</threadsafety>
internal sealed partial class PricingLoop
{
    private const int MaxBatch = 256;
    private const int LookAhead = 8;

    private readonly LoopInput _input;
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
    private readonly IRowListener? _watch;
    private readonly float[] _row;
    private readonly int _dirtyAfterEvents;
    private readonly CancellationToken _stopping;
    private long _touched;
    private int _current;

    public PricingLoop(in LoopParts parts, LoopOutputs outputs, CancellationToken stopping)
    {
        _input = new LoopInput(parts.Ring, parts.Idle, stopping);
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
        _watch = parts.Watch;
        _outputs = outputs;
        _stopping = stopping;
        _answers = new AnswerDesk(parts, outputs, Counters);
    }

    /// <summary>What the loop has counted.</summary>
    public LoopCounters Counters { get; } = new();

    /// <summary>Who answers its requests.</summary>
    public AnswerDesk Answers => _answers;

    /// <summary>Runs until it is told to stop and the ring is empty.</summary>
    public void Run()
    {
        while (true)
        {
            if (DrainBatch() > 0 || CopyMore is not null)
            {
                _input.Reset();
            }
            else if (!_input.Wait())
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
        int count = _input.Ready(MaxBatch);
        for (_current = 0; _current < count; _current++)
        {
            // The state of a region is rarely in the cache: load eight at a time, so that the misses overlap.
            if (_current % LookAhead == 0)
            {
                TouchAhead(_current, Math.Min(count, _current + LookAhead));
            }

            Handle(_input.Peek(_current));
        }

        if (count > 0)
        {
            Counters.LateEvents = _features.LateEvents; // Before the release, by which others see that the batch is done.
            _input.Release(count);
        }

        if (CopyMore is { } copyMore && !copyMore())
        {
            CopyMore = null;
        }

        return count;
    }

    /// <summary>Handles what producers still bring that were let in before the engine closed, and refuses the rest.</summary>
    private void HandleLast()
    {
        _input.FillUp();
        int ready = 0;
        for (_current = 0; _current < _input.Capacity; _current++)
        {
            if (_current == ready)
            {
                ready = _input.WaitForMoreThan(ready);
                if (_current == ready)
                {
                    return; // What the journal could not take was never acknowledged.
                }
            }

            Handle(_input.Peek(_current));
        }
    }

    /// <summary>Says where forecasts are asked for from now on. Before <see cref="Run"/>.</summary>
    public void AskAt(ForecastQueues queues) => _forecasts.AskAt(queues);

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
                _outputs.HandOvers.Complete(e.Receipt, Rejection.None);
                break;
            case MarketEventKind.RulesPublished:
                _decisions.Use(_outputs.Rules.Take((int)e.KeyHigh));
                _outputs.HandOvers.Complete(e.Receipt, Rejection.None);
                break;
            case MarketEventKind.QuoteRedeemed:
                _outputs.Redemptions.Complete(e.Receipt, _redemptions.Apply(e, _features.Now));
                break;
            case MarketEventKind.None: // A slot that was claimed for an event which another shard's ring refused, or a fence.
                _outputs.Publications.Complete(e.Receipt, Rejection.None);
                break;
            case MarketEventKind.DecisionMade:
                break; // Says what came of records before it.
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
            Counters.Duplicates += isForeign ? 0 : 1;
            Answer(e, isForeign ? Rejection.None : Rejection.Duplicate);
            return;
        }

        if (isForeign && e.Region != AcceptedEvent.EveryRegion)
        {
            _supply.Apply(e, _features.Now);
            Answer(e, Rejection.None); // Whoever waits for all loops has a receipt of this one.
            return;
        }

        _features.Apply(e);
        if (e.Region != AcceptedEvent.EveryRegion)
        {
            InvalidateIfChanged(e);
        }

        Counters.Applied += isForeign ? 0 : 1;
        Counters.ByKind[(byte)e.Kind] += isForeign ? 0 : 1;
        Answer(e, Rejection.None);
    }

    private void InvalidateIfChanged(in AcceptedEvent e)
    {
        ref RegionState state = ref _states[e.Region];
        bool isSpike = e.Kind == MarketEventKind.Booking && _decisions.HasSpikeBegun(e.Region);
        if (isSpike)
        {
            Counters.DemandSpikes++;
            _outputs.ReportSpike(new DemandSpike(e.Region, _decisions.SpikeScore, _features.Now));
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
        Counters.LastTick = e.ReceivedAt;
        _supply.Expire(_features.Now);
        _keys.Expire(_features.Now);
        _neighbours.PostIfMinuteIsNew(_features, UnixMicros.MinuteOf(e.OccurredAt), _stopping);
        _outdated.Publish(_reader, _features.Now, _features.NowMinute, _row, _forecasts, _watch);
        if ((e.Flags & AcceptedEventFlags.TakesSnapshot) != 0)
        {
            TakeSnapshot?.Invoke(CurrentSequence);
        }
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
            _touched ^= _features.TouchAhead(_input.Peek(i));
        }
    }
}
