using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Forecasts;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Regions;
using PricingCore.Rules;
using PricingCore.Snapshots;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>Makes the decisions of a shard: signals and forecast in, multiplier and factors out, into the quote book.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class DecisionMaker
{
    private const float MeanMultiplierWeight = 1f / 10;
    private const int MaxSameMicro = 4_096;

    private readonly RegionStates _states;
    private readonly FeatureReader _reader;
    private readonly FeatureStore _features;
    private readonly RegionDirectory _regions;
    private readonly NameTable _products;
    private readonly NameTable _models;
    private readonly ForecastDesk _forecasts;
    private readonly PriceDifferences _differences;
    private readonly QuoteBook _book;
    private readonly SurgeMemory _memory = new();
    private readonly DemandSpikes _spikes;
    private readonly long _validMicros;
    private volatile RuleSet? _rules; // Others may look which are in force.
    private string _rulesVersion = "";

    public DecisionMaker(
        PricingOptions options, RegionStates states, FeatureStore features, FeatureReader reader, RegionDirectory regions,
        NameTable products, NameTable models, ForecastDesk forecasts, PriceDifferences differences, QuoteBook book)
    {
        _states = states;
        _features = features;
        _reader = reader;
        _regions = regions;
        _products = products;
        _models = models;
        _forecasts = forecasts;
        _differences = differences;
        _book = book;
        _spikes = new DemandSpikes(regions.Capacity);
        _validMicros = UnixMicros.From(options.DecisionValidity);
        StaleAfterMicros = UnixMicros.From(options.StaleAfter);
        if (options.Rules is not null && !options.Journal.IsWritten) // Else they come through the ring, so that the journal has them.
        {
            Use(options.Rules);
        }
    }

    /// <summary>Age from which features are too old to price on.</summary>
    public long StaleAfterMicros { get; }

    /// <summary>The rules; null before there are any. Any thread.</summary>
    public RuleSet? Rules => _rules;

    /// <summary>The version of a model by its number.</summary>
    public string NameOfModel(int number) => _models[number];

    /// <summary>Prices by other models from now on; no decision by the old ones is read any more.</summary>
    public void BeginPlan(bool isNewRollout)
    {
        _book.InvalidateAll();
        if (isNewRollout)
        {
            _differences.Clear();
        }
    }

    /// <summary>Prices by other rules from now on; no decision by the old ones is read any more.</summary>
    public void Use(RuleSet rules)
    {
        _rules = rules;
        _rulesVersion = rules.Version;
        _book.InvalidateAll();
    }

    /// <summary>Drops the decisions of a region.</summary>
    public void Invalidate(int region) => _book.Invalidate(region, _memory);

    /// <summary>Whether bookings of the region have just begun to be far beyond the usual.</summary>
    public bool HasSpikeBegun(int region) =>
        _spikes.IsDue(region, _features.NowMinute) && _spikes.HasBegun(region, _features.NowMinute, _reader.ReadSignals(region));

    /// <summary>How far beyond the usual the region was that was looked at last, for who tells of a spike.</summary>
    public float SpikeScore => _spikes.Score;

    /// <summary>Whether the book holds a decision that answers the request.</summary>
    public bool IsHeld(in AcceptedEvent request) =>
        (request.Flags & AcceptedEventFlags.Afresh) == 0
        && _book.Read(request.Region, request.Product) is { } held
        && _features.Now < held.HoldsUntilMicros;

    /// <summary>Answers a request: with the decision in the book if it still holds, else with a new one.</summary>
    public DecisionAnswer Decide(in AcceptedEvent request, bool isStale, LoopCounters counters)
    {
        long now = _features.Now;
        if (IsHeld(request))
        {
            return new DecisionAnswer(QuoteRefusal.None, _book.Read(request.Region, request.Product), IsFresh: false, Reading: null);
        }

        string regionId = _regions.IdOf(request.Region);
        string productType = _products[request.Product];
        DateTimeOffset time = UnixMicros.ToTime(now);
        if (_rules?.NumberOf(regionId, productType, time) is not (>= 0 and int ruleNumber))
        {
            return new DecisionAnswer(QuoteRefusal.NoRule, null, IsFresh: false, Reading: null);
        }

        PricingRule rule = _rules.ByNumber(ruleNumber)!;
        RegionSignals signals = _reader.ReadSignals(request.Region);
        ForecastChoice choice = isStale ? NoForecast() : _forecasts.Choose(request.Region, signals, now);
        SurgeMemory.Lane lane = _memory.Of(request.Region, request.Product);
        var inputs = new SurgeInputs
        {
            DemandScore = choice.Forecast.DemandScore,
            Demand = choice.Forecast.ExpectedDemand,
            AvailableSupply = signals.AvailableSupply,
            Hour = signals.Hour,
            NearbyEventScore = signals.NearbyEventScore,
            WeatherScore = signals.WeatherScore,
            NeighbourSteps = signals.NeighbourMultiplierSteps == 0 ? null : signals.NeighbourMultiplierSteps,
            PreviousSteps = lane.DecidedAt == 0 ? null : lane.Steps,
            SincePreviousMicros = lane.DecidedAt == 0 ? 0 : now - lane.DecidedAt,
            RegionHash = _regions.HashOf(request.Region),
            IsStale = isStale,
        };
        SurgeOutcome outcome = SurgePolicy.Decide(rule, inputs);
        long holdsUntil = Math.Min(now + _validMicros, NextRuleChange(time));

        var decision = new SurgeDecision
        {
            RegionId = regionId,
            ProductType = productType,
            Id = NextId(lane, regionId, productType, now),
            DecidedAt = time,
            HoldsUntil = UnixMicros.ToTime(holdsUntil),
            HoldsUntilMicros = holdsUntil,
            RenewAtMicros = SurgeDecision.RenewalOf(now, holdsUntil),
            Outcome = outcome,
            Inputs = inputs,
            Forecast = choice.Forecast,
            ForecastSource = choice.Source,
            ModelVersion = choice.ModelVersion,
            Arm = choice.Arm,
            Comparison = Compare(request.Region, signals, rule, inputs, outcome, choice.Arm),
            Rule = rule,
            RuleNumber = ruleNumber,
            RulesVersion = _rulesVersion,
            RulePriceMinorUnits = QuotePrice.Of(rule, rule.BasePrice.MinorUnits, outcome.Multiplier),
        };
        Remember(lane, decision, now);
        counters.Decisions++;
        counters.Fallbacks += choice.Source == ForecastSource.Fallback ? 1 : 0;
        counters.StaleDecisions += isStale ? 1 : 0;
        return new DecisionAnswer(QuoteRefusal.None, decision, IsFresh: true, Reading: null);
    }

    /// <summary>Writes what was decided last and what the book holds. The decisions themselves are handed over: they never change, and are written later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer, List<SurgeDecision> held, ReadOnlySpan<int> ownRegions)
    {
        _differences.Save(writer);
        _spikes.Save(writer, ownRegions);
        writer.Begin(StateSection.Decisions);
        writer.Write(_book.Written);
        _memory.Save(writer);
        foreach (SurgeMemory.Lane lane in _memory.Lanes)
        {
            if (lane.IsInBook)
            {
                held.Add(_book.Read(lane.Region, lane.Product)!);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, with the decisions after it; nothing has been decided yet.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="ownRegions">The shard's regions.</param>
    /// <param name="rules">The rules that were followed; null for none.</param>
    /// <exception cref="SnapshotException">It does not fit, or is about something that is not there.</exception>
    public void Load(StateReader reader, ReadOnlySpan<int> ownRegions, RuleSet? rules)
    {
        (_rules, _rulesVersion) = (rules, rules?.Version ?? "");
        _differences.Load(reader);
        _spikes.Load(reader, ownRegions);
        reader.Expect(StateSection.Decisions);
        long written = reader.Read<long>();
        _memory.Load(reader, _regions.Count, _products.Count);

        var held = new List<(SurgeMemory.Lane Lane, SurgeDecision Decision)>();
        foreach (SurgeMemory.Lane lane in _memory.Lanes.Where(lane => lane.IsInBook))
        {
            SurgeDecision decision = ReadDecision(reader);
            if (decision.RegionId != _regions.IdOf(lane.Region) || decision.ProductType != _products[lane.Product])
            {
                throw new SnapshotException($"The snapshot's decision {decision.Id} is not of region {lane.Region} and product {lane.Product}.");
            }

            lane.IsInBook = false;
            held.Add((lane, decision));
        }

        if (held.Count > _book.Capacity)
        {
            throw new SnapshotException($"The snapshot holds {held.Count} decisions (PricingOptions.MaxDecisions); this engine has room for {_book.Capacity}.");
        }

        _book.Restore(held, written);
    }

    private SurgeDecision ReadDecision(StateReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.Next(reader.ReadCount(DecisionCodec.MaxBytes, "bytes of a decision"));
        try
        {
            SurgeDecision decision = DecisionCodec.Read(bytes, (version, number) => version == _rulesVersion ? _rules?.ByNumber(number) : null, out int read);
            return read == bytes.Length ? decision : throw new SnapshotException($"The snapshot's decision {decision.Id} has {bytes.Length - read} bytes too many.");
        }
        catch (InvalidDataException wrong)
        {
            throw new SnapshotException(wrong.Message, wrong);
        }
    }

    private ForecastChoice NoForecast() =>
        new(new Forecast(0, 0, 0, 0, 0, _forecasts.HorizonMinutes), ForecastSource.None, "none", ModelArm.Stable);

    /// <summary>What the other model of a roll-out would have decided, from the same inputs but for its forecast.</summary>
    private ModelComparison? Compare(int region, in RegionSignals signals, PricingRule rule, in SurgeInputs inputs, in SurgeOutcome outcome, ModelArm arm)
    {
        if (inputs.IsStale || !_forecasts.TryChooseOther(region, signals, _features.Now, out ForecastChoice other))
        {
            return null;
        }

        SurgeMultiplier multiplier = SurgePolicy.Decide(
            rule, inputs with { DemandScore = other.Forecast.DemandScore, Demand = other.Forecast.ExpectedDemand }).Multiplier;
        (SurgeMultiplier candidate, SurgeMultiplier stable) = arm == ModelArm.Candidate ? (outcome.Multiplier, multiplier) : (multiplier, outcome.Multiplier);
        long basePrice = rule.BasePrice.MinorUnits;
        _differences.Count(candidate.Steps, stable.Steps, QuotePrice.Of(rule, basePrice, candidate) != QuotePrice.Of(rule, basePrice, stable));
        return new ModelComparison(other.ModelVersion, multiplier);
    }

    private long NextRuleChange(DateTimeOffset time) =>
        _rules!.NextChangeAfter(time) is { } change ? UnixMicros.From(change) : long.MaxValue;

    private void Remember(SurgeMemory.Lane lane, SurgeDecision decision, long now)
    {
        lane.Steps = decision.Outcome.Multiplier.Steps;
        lane.DecidedAt = now;
        ref RegionState state = ref _states[lane.Region];
        state.MeanMultiplierSteps = state.LastMultiplierSteps == 0
            ? lane.Steps
            : state.MeanMultiplierSteps + (MeanMultiplierWeight * (lane.Steps - state.MeanMultiplierSteps));
        state.LastMultiplierSteps = lane.Steps;
        state.EventsSinceDecision = 0;
        _book.Write(lane, decision);
    }

    private static DecisionId NextId(SurgeMemory.Lane lane, string regionId, string productType, long now)
    {
        if (lane.IdHash == 0)
        {
            lane.IdHash = SipHash.Public.Hash128(productType, SipHash.Public.Hash64(regionId)).Low;
        }

        lane.SameMicro = lane.DecidedAt == now ? (lane.SameMicro + 1) % MaxSameMicro : 0;
        return new DecisionId(lane.IdHash, ((ulong)now * MaxSameMicro) + (ulong)lane.SameMicro);
    }
}
