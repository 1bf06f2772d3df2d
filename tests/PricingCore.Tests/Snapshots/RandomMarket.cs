using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Regions;
using PricingCore.Rules;
using PricingCore.Tests.Features;

namespace PricingCore.Tests.Snapshots;

/// <summary>A market from a seed that leaves nothing out: every kind of record, small limits, two rule sets, models that answer, miss and change.</summary>
internal sealed class RandomMarket : IDisposable
{
    private const int KnownRegions = 5;
    private const int AllRegions = 9;

    private static readonly RuleSet Calm = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""");

    private static readonly RuleSet Lively = RuleSet.Parse("""
        {"rules":[
          {"region_id":"*","product_type":"*","base_price":9.00,"currency":"USD","formula":"centred","min_multiplier":0.7,"max_step_per_minute":0.05,"hysteresis":0.01,"smoothing":0.3},
          {"region_id":"zone-1","product_type":"product-1","base_price":800,"currency":"JPY","mode":"additive","experiment":{"name":"t","share":0.5,"change":0.1}}]}
        """);

    private static readonly MarketEventKind[] Kinds =
    [
        MarketEventKind.Search, MarketEventKind.View, MarketEventKind.Booking, MarketEventKind.Booking, MarketEventKind.Booking, MarketEventKind.Cancel,
        MarketEventKind.TripStarted, MarketEventKind.TripEnded, MarketEventKind.SupplyAvailable, MarketEventKind.SupplyBusy, MarketEventKind.SupplyMoved,
        MarketEventKind.SupplyOffline, MarketEventKind.Weather, MarketEventKind.Traffic, MarketEventKind.CityEvent, MarketEventKind.Holiday, MarketEventKind.Alert,
    ];

    private static readonly FeatureSchema Declared = new("declared",
    [
        FeatureSchema.BuiltIn("booking_count_15min"),
        FeatureSchema.Windowed("least", new WindowedFeature(MarketEventKind.Booking, EventAggregate.Min, WindowKind.Sliding, 7)),
        FeatureSchema.Windowed("most", new WindowedFeature(MarketEventKind.Booking, EventAggregate.Max, WindowKind.Tumbling, 5)),
        FeatureSchema.Windowed("last", new WindowedFeature(MarketEventKind.Search, EventAggregate.Last, WindowKind.Sliding, 60)),
        FeatureSchema.Windowed("yesterday", new WindowedFeature(MarketEventKind.Booking, EventAggregate.Sum, WindowKind.Tumbling, 60, LagHours: 24)),
    ]);

    private readonly Random _random;
    private readonly List<StreamStep> _steps;
    private readonly EventGate _gate;
    private readonly LoopsUnderTest _first;
    private int _next;

    public RandomMarket(int seed, int steps)
    {
        _random = new Random(seed);
        Options = OptionsOf(_random);
        _first = new LoopsUnderTest(Options);
        _gate = new EventGate(
            _first.Regions, _first.ProductNames, new RateLimits(0, 0, Options.MaxRegions), new byte[16],
            UnixMicros.From(Options.AllowedLateness), UnixMicros.From(Options.AllowedClockSkew));
        _steps = RandomStream.Of(
            _random.Next(), steps, [.. Enumerable.Range(0, AllRegions).Select(NameOf), "*"], Kinds, random => random.Next(3) == 0 ? float.NaN : random.Next(0, 100) / 100f);
        Rules = Calm;
    }

    public PricingOptions Options { get; }

    /// <summary>The loops that names and numbers come from.</summary>
    public LoopsUnderTest First => _first;

    /// <summary>The rules in force.</summary>
    public RuleSet Rules { get; private set; }

    /// <summary>The plan in force, for loops that ask their own queues.</summary>
    public Func<LoopsUnderTest, RolloutPlan> PlanOf { get; private set; } = _ => RolloutPlan.None;

    /// <summary>Plays so many steps to all of the loops.</summary>
    public void Play(int steps, params LoopsUnderTest[] loops)
    {
        for (int i = 0; i < steps && _next < _steps.Count; i++)
        {
            Play(_steps[_next++], loops);
        }
    }

    /// <summary>Asks the first loops for a decision of every region and product.</summary>
    public void AskForAll()
    {
        for (int region = 0; region < _first.Regions.Count; region++)
        {
            for (int product = 0; product < LoopsUnderTest.Products; product++)
            {
                _first.Handle(AcceptedEvent.DecisionRequested(region, product, _steps[_next - 1].Now, 0, afresh: true));
            }
        }
    }

    public void Dispose() => _first.Dispose();

    private static string NameOf(int region) => "zone-" + region;

    private static PricingOptions OptionsOf(Random random)
    {
        bool hasNeighbours = random.Next(4) > 0;
        return new PricingOptions
        {
            Shards = random.Next(1, 5),
            MaxRegions = 16,
            MaxProducts = 8,
            MaxUnits = random.Next(1, 7),
            MaxSessions = random.Next(1, 12),
            MaxIdempotencyKeys = random.Next(1, 40),
            MaxDecisions = random.Next(1, 14),
            MaxWaitingRequests = random.Next(1, 6),
            DirtyAfterEvents = random.Next(1, 20),
            ForecastMissesBeforePause = random.Next(1, 4),
            Rules = Calm,
            DefaultTimeZone = "America/New_York",
            Schema = random.Next(3) == 0 ? Declared : FeatureSchema.Mobility,
            Regions = [.. Enumerable.Range(0, KnownRegions).Select(i => new Region(NameOf(i))
            {
                Neighbours = hasNeighbours ? [NameOf((i + 1) % KnownRegions), NameOf((i + 3) % KnownRegions)] : [],
            })],
        };
    }

    private void Play(StreamStep step, LoopsUnderTest[] loops)
    {
        if (step.Event is { } e)
        {
            if (_random.Next(2) == 0)
            {
                e = e with { IdempotencyKey = "key" + _random.Next(60) };
            }

            if (EventGate.IsSupply(e.Kind) && _random.Next(3) == 0 && e.Kind is MarketEventKind.SupplyAvailable or MarketEventKind.SupplyBusy)
            {
                e = e with { UnitId = null, Values = EventValues.Of(_random.Next(30)) };
            }

            if (_gate.TryAccept(e, step.Now, out AcceptedEvent accepted) == Rejection.None)
            {
                Handle(accepted, loops);
            }
        }
        else
        {
            Handle(AcceptedEvent.Tick(step.Now), loops);
        }

        if (_first.Regions.Count > 0 && _random.Next(2) == 0)
        {
            PlayOther(step.Now, loops);
        }
    }

    private void PlayOther(long now, LoopsUnderTest[] loops)
    {
        int region = _random.Next(_first.Regions.Count);
        int model = _random.Next(3);
        int horizon = _random.Next(4) == 0 ? 30 : (int)Options.Horizon.TotalMinutes;
        switch (_random.Next(12))
        {
            case < 5:
                Handle(AcceptedEvent.DecisionRequested(region, _random.Next(LoopsUnderTest.Products), now, 0, afresh: _random.Next(3) == 0), loops);
                break;
            case < 8:
                float expected = _random.Next(40);
                AcceptedEvent ready = AcceptedEvent.ForecastReady(
                    region, model, horizon, (float)_random.NextDouble(), 0.5f, expected, expected / 2, _random.Next(9) == 0 ? float.NaN : expected * 2, now);
                ready.Flags = _random.Next(3) > 0 ? AcceptedEventFlags.Inferred : AcceptedEventFlags.None;
                Handle(ready, loops);
                break;
            case 8:
                Handle(AcceptedEvent.ForecastMissed(region, model, horizon, (int)(_random.Next(2) == 0 ? ForecastMiss.Failed : ForecastMiss.NotLoaded), now), loops);
                break;
            case 9:
                Handle(AcceptedEvent.ForecastRequested(region, horizon, now, 0), loops);
                break;
            case 10:
                Handle(AcceptedEvent.ForecastsDue(now), loops);
                break;
            case 11 when _random.Next(4) == 0:
                Publish(now, loops);
                break;
        }
    }

    private void Publish(long now, LoopsUnderTest[] loops)
    {
        if (_random.Next(2) == 0)
        {
            Rules = _random.Next(2) == 0 ? Calm : Lively;
            Array.ForEach(loops, loop => loop.Publish(Rules, now));
            return;
        }

        (int stable, int candidate, int percent) = _random.Next(5) == 0 ? (-1, -1, 0) : (_random.Next(-1, 2), _random.Next(-1, 3), _random.Next(0, 101));
        bool compares = _random.Next(3) > 0;
        bool isNew = _random.Next(2) == 0;
        PlanOf = loop => new RolloutPlan(stable, candidate, candidate < 0 ? 0 : percent, compares, "v" + candidate) { Queues = loop.Queues };
        Array.ForEach(loops, loop => loop.Publish(PlanOf(loop), isNew, now));
    }

    private static void Handle(in AcceptedEvent record, LoopsUnderTest[] loops)
    {
        foreach (LoopsUnderTest loop in loops)
        {
            loop.AddNamesOf(loops[0]);
            loop.Handle(record);
        }
    }
}
