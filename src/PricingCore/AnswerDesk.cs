using PricingCore.Diagnostics;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Quotes;
using PricingCore.Snapshots;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>Answers requests for decisions and forecasts: at once, or when the forecast has come that they wait for.</summary>
/// <remarks>The loop goes on meanwhile. What ends a wait is a record like any other: the forecast, its failure, or the deadline.</remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class AnswerDesk
{
    private const int LongestBaselineHorizon = 60;

    private readonly FeatureStore _features;
    private readonly FeatureReader _reader;
    private readonly RegionStates _states;
    private readonly ForecastDesk _forecasts;
    private readonly DecisionMaker _decisions;
    private readonly PendingRequests _pending;
    private readonly LoopOutputs _outputs;
    private readonly Action<long> _armDeadline;
    private readonly LoopCounters _counters;
    private readonly int _rowWidth;
    private bool _isArmed;

    public AnswerDesk(in LoopParts parts, LoopOutputs outputs, LoopCounters counters)
    {
        _features = parts.Features;
        _reader = parts.Reader;
        _states = parts.States;
        _forecasts = parts.Forecasts;
        _decisions = parts.Decisions;
        _pending = parts.Pending;
        _armDeadline = parts.ArmDeadline;
        _outputs = outputs;
        _counters = counters;
        _rowWidth = parts.States.Schema.Count;
    }

    /// <summary>Told of each decision; null when nobody is.</summary>
    public IDecisionObserver? Decided { get; set; }

    /// <summary>When something last came in that is about every region.</summary>
    public long LastInputAt { get; set; }

    /// <summary>Answers a request for a decision, unless it has to wait for its forecast.</summary>
    public void Decide(in AcceptedEvent e)
    {
        if ((e.Flags & AcceptedEventFlags.FeaturesOnly) != 0)
        {
            ReadOnly(e);
            return;
        }

        long now = _features.Now;
        bool waits = !IsStale(e.Region)
            && _forecasts.IsForecastMissing(e.Region, now)
            && !_decisions.IsHeld(e)
            && TryWait(e, _forecasts.HorizonMinutes, now);
        if (!waits)
        {
            Answer(e);
        }
    }

    /// <summary>Answers a request for a forecast, unless it has to wait for the model.</summary>
    public void Forecast(in AcceptedEvent e)
    {
        if (IsStale(e.Region) || !TryWait(e, (int)e.KeyHigh, _features.Now))
        {
            Answer(e);
        }
    }

    /// <summary>Takes in a forecast, and answers what has waited for it.</summary>
    public void Take(in AcceptedEvent e)
    {
        int horizon = unchecked((int)e.KeyHigh);
        if (!_forecasts.TryTake(e) || !_pending.IsAnyOf(e.Region))
        {
            return;
        }

        while (_pending.TryTakeOf(e.Region, horizon, out AcceptedEvent request))
        {
            if (request.Kind == MarketEventKind.ForecastRequested)
            {
                Forecast forecast = OutsideForecasts.Read(e);
                _outputs.Forecasts.Complete(request.Receipt, new ForecastAnswer(forecast, ForecastSource.Model, _decisions.NameOfModel(e.Product), _features.Now));
            }
            else
            {
                Answer(request);
            }
        }
    }

    /// <summary>Takes in that a model had no forecast, and answers what has waited for it from the baseline.</summary>
    public void Miss(in AcceptedEvent e)
    {
        if (!_forecasts.TryMiss(e))
        {
            return;
        }

        if (e.KeyLow == (ulong)ForecastMiss.NotLoaded && _pending.IsAnyOf(e.Region) && _forecasts.TryAsk(e.Region, (int)e.KeyHigh, _features.Now))
        {
            return; // It was asked when the version was loaded before, and let go since; now it is loaded again.
        }

        while (_pending.TryTakeOf(e.Region, (int)e.KeyHigh, out AcceptedEvent request))
        {
            PricingMeters.CountFallback(PricingMeters.FallbackReason.Missed);
            Answer(request);
        }
    }

    /// <summary>Answers from the baseline what has waited until its deadline.</summary>
    public void EndWaits()
    {
        _isArmed = false;
        while (_pending.TryTakeAskedBy(_features.Now - _forecasts.DeadlineMicros, out AcceptedEvent request))
        {
            PricingMeters.CountFallback(PricingMeters.FallbackReason.Late);
            _forecasts.Overdue(request.Region, _features.Now);
            Answer(request);
        }

        ArmIfWaiting();
    }

    /// <summary>Follows another plan: no decision by the old one is read any more, and what waits is asked of the new one.</summary>
    public void Use(RolloutPlan plan, bool isNewRollout)
    {
        _forecasts.Use(plan);
        _decisions.BeginPlan(isNewRollout);
        foreach ((int region, int horizon) in _pending.All().ToArray())
        {
            if (!_forecasts.TryAsk(region, horizon, _features.Now))
            {
                while (_pending.TryTakeOf(region, horizon, out AcceptedEvent request))
                {
                    Answer(request);
                }
            }
        }
    }

    /// <summary>Writes when something last came in, and whether a deadline is set.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(LastInputAt);
        writer.Write(_isArmed);
    }

    /// <summary>Reads what <see cref="Save"/> wrote. The deadline is not set: see <see cref="ArmAgain"/>.</summary>
    public void Load(StateReader reader)
    {
        LastInputAt = reader.Read<long>();
        _isArmed = reader.ReadBool();
    }

    /// <summary>Sets the deadline that was set in an earlier life of the engine, once its records have been handled again.</summary>
    public void ArmAgain()
    {
        _isArmed = false;
        ArmIfWaiting();
    }

    private bool TryWait(in AcceptedEvent e, int horizonMinutes, long now)
    {
        if (!_forecasts.Plan.HasModel)
        {
            return false;
        }

        if (_forecasts.TryAsk(e.Region, horizonMinutes, now) && _pending.TryAdd(e, horizonMinutes, now))
        {
            ArmIfWaiting();
            return true;
        }

        PricingMeters.CountFallback(PricingMeters.FallbackReason.NotAsked);
        return false;
    }

    private void ArmIfWaiting()
    {
        if (!_isArmed && !_pending.IsEmpty)
        {
            _isArmed = true;
            _armDeadline(Math.Max(1, _pending.OldestAskedAt + _forecasts.DeadlineMicros - _features.Now));
        }
    }

    private void Answer(in AcceptedEvent e)
    {
        if (e.Kind == MarketEventKind.ForecastRequested)
        {
            _outputs.Forecasts.Complete(e.Receipt, BaselineAnswer(e));
            return;
        }

        if (Decided is not null && !_decisions.IsHeld(e))
        {
            Decided.Deciding(e);
        }

        DecisionAnswer answer = _decisions.Decide(e, IsStale(e.Region), _counters);
        if (answer.IsFresh)
        {
            Decided?.Made(e, answer.Decision!, _counters.Decisions);
            _outputs.Feed.Tell(answer.Decision!);
        }
        else
        {
            Decided?.NotMade();
        }

        if ((e.Flags & AcceptedEventFlags.WithFeatures) != 0)
        {
            answer = answer with { Reading = ReadRegion(e.Region) };
        }

        _outputs.Decisions.Complete(e.Receipt, answer);
    }

    private void ReadOnly(in AcceptedEvent e)
    {
        RegionState before = _states[e.Region];
        _outputs.Decisions.Complete(e.Receipt, new DecisionAnswer(QuoteRefusal.None, null, IsFresh: false, ReadRegion(e.Region)));
        if (before.Minute == 0)
        {
            _states[e.Region] = before; // A region is known from its first event on, not from the first look at it.
        }
    }

    private RegionReading ReadRegion(int region)
    {
        float[] row = new float[_rowWidth];
        _reader.ReadRow(region, row);
        return new RegionReading(row, _reader.ReadSignals(region));
    }

    private ForecastAnswer BaselineAnswer(in AcceptedEvent e)
    {
        int horizon = (int)e.KeyHigh;
        if (horizon > LongestBaselineHorizon)
        {
            return ForecastAnswer.Refused;
        }

        Forecast forecast = SeasonalNaiveForecaster.Predict(_reader.ReadSignals(e.Region), horizon);
        ForecastSource source = _forecasts.Plan.HasModel ? ForecastSource.Fallback : ForecastSource.Baseline;
        return new ForecastAnswer(forecast, source, SeasonalNaiveForecaster.Instance.ModelVersion, _features.Now);
    }

    /// <summary>Of this region, not of this shard: else an answer would depend on which other regions share the loop.</summary>
    private bool IsStale(int region) =>
        _features.Now - Math.Max(LastInputAt, _states[region].LastEventAt) > _decisions.StaleAfterMicros;
}
