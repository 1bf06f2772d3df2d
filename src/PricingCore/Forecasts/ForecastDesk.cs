using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Regions;
using PricingCore.Snapshots;

namespace PricingCore.Forecasts;

/// <summary>Where a loop has its forecasts from: what has come through the ring, whom to ask for more, and the baseline when there is none.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed partial class ForecastDesk : IRowListener
{
    private readonly OutsideForecasts _answers;
    private readonly FeatureReader _reader;
    private readonly RegionDirectory _regions;
    private readonly NameTable _models;
    private readonly ForecastLimits _limits;
    private readonly long[] _askedAt;
    private readonly float[] _row;
    private ForecastBreaker _stableBreaker;
    private ForecastBreaker _candidateBreaker;

    /// <param name="limits">Horizon, validity and deadline.</param>
    /// <param name="reader">Reads the rows.</param>
    /// <param name="regions">The regions.</param>
    /// <param name="models">The versions by number.</param>
    /// <param name="inline">Answers at once, in the loop, instead of the inference thread: in a replay, where an answer must not depend on threads.</param>
    public ForecastDesk(in ForecastLimits limits, FeatureReader reader, RegionDirectory regions, NameTable models, IForecaster? inline)
    {
        _limits = limits;
        _reader = reader;
        _regions = regions;
        _models = models;
        Inline = new InlineForecasts(inline, reader, models, limits);
        _answers = new OutsideForecasts(regions.Capacity);
        _askedAt = new long[regions.Capacity];
        _row = new float[limits.RowWidth];
        _stableBreaker = new ForecastBreaker(limits.MissesBeforePause, limits.PauseMicros);
        _candidateBreaker = _stableBreaker;
    }

    /// <summary>Forecasts made in the loop.</summary>
    public InlineForecasts Inline { get; }

    /// <inheritdoc/>
    public bool NeedsRows => Plan.HasModel;

    /// <summary>Which model prices which region.</summary>
    public RolloutPlan Plan { get; private set; } = RolloutPlan.None;

    /// <summary>The horizon of decisions, in minutes.</summary>
    public int HorizonMinutes => _limits.HorizonMinutes;

    /// <summary>How long a decision waits for its forecast.</summary>
    public long DeadlineMicros => _limits.DeadlineMicros;

    /// <summary>Follows another plan from now on; what was asked under the old one no longer counts.</summary>
    public void Use(RolloutPlan plan)
    {
        if (plan.Stable != Plan.Stable)
        {
            // The candidate that has become the running model brings its record along.
            _stableBreaker = plan.Stable == Plan.Candidate ? _candidateBreaker : new ForecastBreaker(_limits.MissesBeforePause, _limits.PauseMicros);
        }

        if (plan.Candidate != Plan.Candidate)
        {
            _candidateBreaker.Reset();
        }

        if (!plan.HasModel || (plan.ComparesPrices && !Plan.ComparesPrices))
        {
            _answers.Clear(); // Of models that no longer price; or so that both models are asked from the first decision on.
        }

        Plan = plan;
        Array.Clear(_askedAt);
    }

    /// <summary>Says where forecasts are asked for from now on; the plan stays.</summary>
    public void AskAt(ForecastQueues queues) => Plan = Plan.AskingAt(queues);

    /// <summary>Whether a decision of the region should wait for a forecast: a model prices it and has given none that is recent.</summary>
    public bool IsForecastMissing(int region, long now)
    {
        ModelArm arm = ArmOf(region);
        int model = Plan.ModelOf(arm);
        return model >= 0 && !_answers.TryGet(region, arm, model, now - _limits.ValidMicros, out _, out _);
    }

    /// <summary>Asks the model that prices the region, unless it has just been asked.</summary>
    /// <remarks>A queue that is full swallows the request: what waits for it ends at its deadline. How full the queue is depends on threads, and what the loop does must not.</remarks>
    /// <returns><see langword="false"/> when there is nobody to ask: the baseline prices, or the model is paused.</returns>
    public bool TryAsk(int region, int horizonMinutes, long now)
    {
        bool isForDecisions = horizonMinutes == _limits.HorizonMinutes;
        if (isForDecisions && _askedAt[region] != 0 && now - _askedAt[region] <= _limits.DeadlineMicros)
        {
            return true;
        }

        ModelArm arm = ArmOf(region);
        if (Plan.ModelOf(arm) < 0 || !BreakerOf(arm).MayAsk(now))
        {
            return false;
        }

        if (Plan.Queues is { } queues) // None in a replay of a journal: what was answered is in the journal.
        {
            _reader.ReadRow(region, _row);
            _ = queues.TryAsk(RequestOf(region, arm, horizonMinutes, now), _row, _reader.ReadSignals(region), isUrgent: true);
        }

        if (isForDecisions)
        {
            _askedAt[region] = now;
        }

        return true;
    }

    /// <summary>Asks for a new forecast of a region whose row has changed; nobody waits for it, so it may be left out.</summary>
    public void Refresh(int region, ReadOnlySpan<float> row, long now)
    {
        ModelArm arm = ArmOf(region);
        ForecastRequest request = RequestOf(region, arm, _limits.HorizonMinutes, now);
        if ((request.Model >= 0 || request.OtherModel >= 0) && BreakerOf(arm).MayAsk(now))
        {
            _ = Plan.Queues?.TryAsk(request, row, _reader.ReadSignals(region), isUrgent: false);
        }
    }

    /// <summary>Takes in a forecast.</summary>
    /// <returns>Whether it is of the model that prices the region, so that what waits for it can go on.</returns>
    public bool TryTake(in AcceptedEvent e)
    {
        if (InlineForecasts.IsOne(e))
        {
            Inline.Take(e);
            return false;
        }

        if (!Plan.HasModel)
        {
            return TryTakeUnplanned(e);
        }

        bool isCandidate = e.Product == Plan.Candidate;
        if (!isCandidate && e.Product != Plan.Stable)
        {
            return false; // Of a plan that no longer holds.
        }

        ModelArm by = isCandidate ? ModelArm.Candidate : ModelArm.Stable;
        BreakerOf(by).Succeed();
        bool prices = by == ArmOf(e.Region);
        if (unchecked((int)e.KeyHigh) == _limits.HorizonMinutes)
        {
            _answers.Apply(e, by);
            _askedAt[e.Region] = prices ? 0 : _askedAt[e.Region];
        }

        return prices;
    }

    /// <summary>Takes in that a model had no forecast.</summary>
    /// <returns>Whether it is the model that prices the region, so that what waits must do without.</returns>
    public bool TryMiss(in AcceptedEvent e)
    {
        bool isCandidate = e.Product == Plan.Candidate;
        if (!Plan.HasModel || (!isCandidate && e.Product != Plan.Stable))
        {
            return false;
        }

        ModelArm by = isCandidate ? ModelArm.Candidate : ModelArm.Stable;
        if (e.KeyLow is not ((ulong)ForecastMiss.HorizonUnknown or (ulong)ForecastMiss.NotLoaded))
        {
            BreakerOf(by).Miss(e.ReceivedAt);
        }

        bool prices = by == ArmOf(e.Region);
        _askedAt[e.Region] = prices ? 0 : _askedAt[e.Region];
        return prices;
    }

    /// <summary>Takes in that a region's forecast has not come in time.</summary>
    public void Overdue(int region, long now)
    {
        BreakerOf(ArmOf(region)).Miss(now);
        _askedAt[region] = 0;
    }

    /// <summary>The forecast that prices a region now.</summary>
    public ForecastChoice Choose(int region, in RegionSignals signals, long now)
    {
        if (Inline.IsUsed)
        {
            return Inline.TryPredict(region, signals, now, out Forecast inline, out string version)
                ? new ForecastChoice(inline, ForecastSource.Model, version, ModelArm.Stable)
                : BaselineOf(signals, isFallback: true, ModelArm.Stable);
        }

        ModelArm arm = ArmOf(region);
        int model = Plan.ModelOf(arm);
        bool mayAnswer = model >= 0 || !Plan.HasModel;
        if (mayAnswer && _answers.TryGet(region, arm, model, now - _limits.ValidMicros, out Forecast forecast, out int answeredBy))
        {
            return new ForecastChoice(forecast, ForecastSource.Model, _models[answeredBy], arm);
        }

        bool isFallback = model >= 0 || (!Plan.HasModel && _answers.IsAnyUnplanned);
        return BaselineOf(signals, isFallback, arm);
    }

    /// <summary>The forecast that the price is compared with in a roll-out.</summary>
    public bool TryChooseOther(int region, in RegionSignals signals, long now, out ForecastChoice other)
    {
        ModelArm arm = ArmOf(region);
        other = default;
        if (!Plan.ComparesAt(arm))
        {
            return false;
        }

        ModelArm otherArm = arm == ModelArm.Candidate ? ModelArm.Stable : ModelArm.Candidate;
        int model = Plan.ModelOf(otherArm);
        if (model < 0)
        {
            other = BaselineOf(signals, isFallback: false, otherArm);
            return true;
        }

        bool isKnown = _answers.TryGet(region, otherArm, model, now - _limits.ValidMicros, out Forecast forecast, out _);
        other = new ForecastChoice(forecast, ForecastSource.Model, _models[model], otherArm);
        return isKnown;
    }

    /// <summary>Writes what came, what was asked for, and how the models did.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer, ReadOnlySpan<int> ownRegions)
    {
        writer.Begin(StateSection.Forecasts);
        writer.Write(_answers.IsAnyUnplanned);
        _stableBreaker.Save(writer);
        _candidateBreaker.Save(writer);
        foreach (int region in ownRegions)
        {
            writer.Write(_askedAt[region]);
            _answers.Save(writer, region);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote under a plan; nothing has come yet.</summary>
    public void Load(StateReader reader, ReadOnlySpan<int> ownRegions, RolloutPlan plan)
    {
        reader.Expect(StateSection.Forecasts);
        Plan = plan;
        _answers.IsAnyUnplanned = reader.ReadBool();
        _stableBreaker.Load(reader);
        _candidateBreaker.Load(reader);
        foreach (int region in ownRegions)
        {
            _askedAt[region] = reader.Read<long>();
            _answers.Load(reader, region, _models.Count);
        }
    }

    /// <summary>Takes in what a host has published; an answer of the inference thread is of a plan that no longer holds.</summary>
    private bool TryTakeUnplanned(in AcceptedEvent e)
    {
        if ((e.Flags & AcceptedEventFlags.Inferred) != 0)
        {
            return false;
        }

        _answers.IsAnyUnplanned = true;
        _answers.Apply(e, ModelArm.Stable);
        return true;
    }

    private ForecastChoice BaselineOf(in RegionSignals signals, bool isFallback, ModelArm arm) => new(
        SeasonalNaiveForecaster.Predict(signals, _limits.HorizonMinutes),
        isFallback ? ForecastSource.Fallback : ForecastSource.Baseline,
        SeasonalNaiveForecaster.Instance.ModelVersion,
        arm);

    private ForecastRequest RequestOf(int region, ModelArm arm, int horizonMinutes, long now)
    {
        int model = Plan.ModelOf(arm);
        int other = Plan.ComparesAt(arm) ? Plan.ModelOf(arm == ModelArm.Candidate ? ModelArm.Stable : ModelArm.Candidate) : RolloutPlan.Baseline;
        return new ForecastRequest { Region = region, HorizonMinutes = horizonMinutes, Model = model, OtherModel = other, AskedAt = now };
    }

    private ModelArm ArmOf(int region) => Plan.CandidateParts == 0 ? ModelArm.Stable : Plan.ArmOf(_regions.HashOf(region));

    private ref ForecastBreaker BreakerOf(ModelArm arm) => ref arm == ModelArm.Candidate ? ref _candidateBreaker : ref _stableBreaker;
}
