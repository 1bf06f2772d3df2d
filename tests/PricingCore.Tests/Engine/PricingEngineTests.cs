using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a live engine quotes from decisions that still hold, drops those that do not, and says why it refuses.
/// Method: a clock moved by hand, whose ticks go through the real ring and loop; awaiting a published event is the barrier after
/// which everything before it has been handled.
/// </summary>
public sealed class PricingEngineTests
{
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""";
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly QuoteRequest Request = new("midtown");
    private readonly HandDrivenTime _time = new(Noon);

    [Fact]
    public async Task TryQuote_WhenTheBookHasNone_AsksSoThatTheNextTryFinds()
    {
        await using PricingEngine engine = Start();
        Assert.False(engine.TryQuote(Request, out _));
        await Barrier(engine);
        Assert.True(engine.TryQuote(Request, out Quote quote));
        Assert.True(quote.Cached);
        Assert.Equal(Noon, quote.Decision.DecidedAt);
        Assert.Equal(Noon.AddMinutes(2), quote.ValidUntil);
        Assert.Equal(1, engine.Statistics.Decisions);
    }

    [Fact]
    public async Task QuoteAsync_SaysWhetherTheDecisionWasMadeBefore()
    {
        await using PricingEngine engine = Start();
        Assert.False((await engine.QuoteAsync(Request)).Cached);
        Assert.True((await engine.QuoteAsync(Request)).Cached);
        Assert.False((await engine.QuoteAsync(Request with { ProductType = "xl" })).Cached);
    }

    [Fact]
    public async Task TryQuote_WhenTheDecisionHasEnded_Misses()
    {
        await using PricingEngine engine = Start();
        await engine.QuoteAsync(Request);
        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMicroseconds(1));
        Assert.True(engine.TryQuote(Request, out _));
        await Barrier(engine);
        await engine.QuoteAsync(Request);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(engine.TryQuote(Request, out _));
    }

    [Fact]
    public async Task TryQuote_NearTheEnd_RenewsAheadAndOnlyOnce()
    {
        await using PricingEngine engine = Start();
        await engine.QuoteAsync(Request);
        _time.Advance(TimeSpan.FromSeconds(22));
        Assert.True(engine.TryQuote(Request, out _));
        await Barrier(engine);
        Assert.Equal(1, engine.Statistics.Decisions);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(engine.TryQuote(Request, out Quote old));
        Assert.True(engine.TryQuote(Request, out _));
        Assert.Equal(Noon, old.Decision.DecidedAt);
        await Barrier(engine);
        Assert.Equal(2, engine.Statistics.Decisions);
        Assert.True(engine.TryQuote(Request, out Quote renewed));
        Assert.Equal(Noon.AddSeconds(23), renewed.Decision.DecidedAt);
    }

    [Fact]
    public async Task PublishRulesAsync_EndsEveryDecisionByTheOldRules()
    {
        await using PricingEngine engine = Start();
        Quote before = await engine.QuoteAsync(Request);
        RuleSet other = RuleSet.Parse(Rule.Replace("12.00", "20.00", StringComparison.Ordinal));
        await engine.PublishRulesAsync(other);

        Assert.False(engine.TryQuote(Request, out _));
        Quote after = await engine.QuoteAsync(Request);
        Assert.Equal(other.Version, after.Decision.RulesVersion);
        Assert.NotEqual(before.Decision.RulesVersion, after.Decision.RulesVersion);
        Assert.Equal(2_000, after.BasePrice.MinorUnits);
    }

    [Fact]
    public async Task TryQuote_WhenEnoughHasHappened_Misses()
    {
        await using PricingEngine engine = Start(options => options.DirtyAfterEvents = 5);
        await engine.QuoteAsync(Request);
        for (int i = 0; i < 4; i++)
        {
            await engine.PublishAsync(MarketEvent.Search("midtown", Noon));
        }

        Assert.True(engine.TryQuote(Request, out _));
        await engine.PublishAsync(MarketEvent.Search("elsewhere", Noon));
        Assert.True(engine.TryQuote(Request, out _));
        await engine.PublishAsync(MarketEvent.Search("midtown", Noon));
        Assert.False(engine.TryQuote(Request, out _));
    }

    [Fact]
    public async Task TryQuote_AfterAnAlert_Misses()
    {
        await using PricingEngine engine = Start();
        await engine.QuoteAsync(Request);
        await engine.QuoteAsync(new QuoteRequest("elsewhere"));
        await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "midtown", Noon));
        Assert.False(engine.TryQuote(Request, out _));
        Assert.True(engine.TryQuote(new QuoteRequest("elsewhere"), out _));
    }

    [Fact]
    public async Task TryQuote_AfterADemandSpike_Misses()
    {
        await using PricingEngine engine = Start(options => (options.TickInterval, options.DecisionValidity) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)));
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        for (int hour = 0; hour < 27; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await Barrier(engine);
        }

        await engine.QuoteAsync(Request);
        engine.Spikes.IsUsed = true;
        for (int i = 0; i < 12; i++)
        {
            await engine.PublishAsync(MarketEvent.Booking("midtown", _time.GetUtcNow()));
        }

        Assert.True(engine.TryQuote(Request, out _)); // A region is looked at once a minute.
        _time.Advance(TimeSpan.FromMinutes(1));
        await engine.PublishAsync(MarketEvent.Booking("midtown", _time.GetUtcNow()));
        Assert.False(engine.TryQuote(Request, out _));
        Assert.Equal(1, engine.Statistics.DemandSpikes);
        Assert.True(engine.Spikes.TryTake(out DemandSpike spike));
        Assert.Equal(("midtown", true), (engine.RegionOf(spike.Region), spike.Score >= 5));

        _time.Advance(TimeSpan.FromMinutes(1));
        await engine.PublishAsync(MarketEvent.Booking("midtown", _time.GetUtcNow()));
        Assert.Equal(1, engine.Statistics.DemandSpikes);
        Assert.False(engine.Spikes.TryTake(out _));
    }

    [Fact]
    public async Task QuoteAsync_WhenNeitherEventNorTickCameIn_SaysThatFeaturesAreStale()
    {
        await using PricingEngine engine = Start(options => (options.TickInterval, options.StaleAfter) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20)));
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False((await engine.QuoteAsync(Request)).Decision.Inputs.IsStale);
        _time.Advance(TimeSpan.FromSeconds(31));
        Quote stale = await engine.QuoteAsync(Request);
        Assert.True(stale.Decision.Inputs.IsStale);
        Assert.Equal(ForecastSource.None, stale.Decision.ForecastSource);
        Assert.Equal(0, stale.Decision.Outcome.Factors.Sum);
        Assert.Equal(1, engine.Statistics.StaleDecisions);

        _time.Advance(TimeSpan.FromSeconds(70)); // A second past the next tick.
        Assert.False((await engine.QuoteAsync(Request)).Decision.Inputs.IsStale);
    }

    [Fact]
    public async Task PublishAsync_OfTheSameKey_SaysDuplicateUntilTheWindowHasPassed()
    {
        await using PricingEngine engine = Start();
        MarketEvent At(DateTimeOffset at) => MarketEvent.Booking("midtown", at) with { IdempotencyKey = "k" };
        Assert.Equal(Rejection.None, await engine.PublishAsync(At(Noon)));
        Assert.Equal(Rejection.Duplicate, await engine.PublishAsync(At(Noon)));
        Assert.Equal(Rejection.None, await engine.PublishAsync(At(Noon) with { RegionId = "elsewhere" }));
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Rejection.None, await engine.PublishAsync(At(_time.GetUtcNow())));
        Assert.Equal(1, engine.Statistics.Duplicates);
        Assert.Equal(3, engine.Statistics.Applied);
    }

    [Fact]
    public async Task Engine_WhenDisposed_RefusesEverythingAsStopped()
    {
        PricingEngine engine = Start();
        await engine.QuoteAsync(Request);
        await engine.DisposeAsync();
        Assert.False(engine.IsRunning);
        Assert.False(engine.TryPublish(MarketEvent.Booking("midtown", Noon), out Rejection rejection));
        Assert.Equal(Rejection.Stopped, rejection);
        Assert.Equal(Rejection.Stopped, await engine.PublishAsync(MarketEvent.Booking("midtown", Noon)));
        Assert.False(engine.TryQuote(Request, out _));
        Assert.Equal(QuoteRefusal.Stopped, await RefusalOf(engine, Request));
        Assert.False(engine.TryPublishForecast("midtown", new Forecast(0.5f, 0.5f, 1, 0, 2, 15), "m"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await engine.PublishRulesAsync(RuleSet.Parse(Rule)));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task QuoteAsync_WhenItMustRefuse_SaysWhy()
    {
        await using PricingEngine engine = Start(options =>
        {
            options.Rules = RuleSet.Parse(Rule.Replace("\"product_type\":\"*\"", "\"product_type\":\"standard\"", StringComparison.Ordinal));
            options.Regions = [new("midtown")];
            options.OpenRegions = false;
            options.MaxProducts = 2;
        });
        Assert.Equal(QuoteRefusal.InvalidRequest, await RefusalOf(engine, new QuoteRequest("")));
        Assert.Equal(QuoteRefusal.InvalidRequest, await RefusalOf(engine, new QuoteRequest(null!)));
        Assert.Equal(QuoteRefusal.InvalidRequest, await RefusalOf(engine, new QuoteRequest("midtown", " ")));
        Assert.Equal(QuoteRefusal.InvalidBasePrice, await RefusalOf(engine, Request with { BaseMinorUnits = -1 }));
        Assert.Equal(QuoteRefusal.InvalidBasePrice, await RefusalOf(engine, Request with { BaseMinorUnits = 1_000_000_000_001 }));
        Assert.Equal(QuoteRefusal.UnknownRegion, await RefusalOf(engine, new QuoteRequest("elsewhere")));
        Assert.Equal(QuoteRefusal.UnknownRegion, await RefusalOf(engine, new QuoteRequest("*")));
        Assert.Equal(QuoteRefusal.None, await RefusalOf(engine, Request));
        Assert.Equal(QuoteRefusal.NoRule, await RefusalOf(engine, Request with { ProductType = "xl" }));
        Assert.Equal(QuoteRefusal.TooManyProducts, await RefusalOf(engine, Request with { ProductType = "one too many" }));
    }

    [Fact]
    public async Task TryQuote_WhenARuleTakesEffect_MissesFromThatMomentOn()
    {
        await using PricingEngine engine = Start(options => options.Rules = RuleSet.Parse("""
            {"rules":[
              {"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"},
              {"region_id":"*","product_type":"*","base_price":20.00,"currency":"USD","effective_date":"2026-03-04T12:00:10Z"}]}
            """));
        Assert.Equal(1_200, (await engine.QuoteAsync(Request)).BasePrice.MinorUnits);
        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMicroseconds(1));
        Assert.True(engine.TryQuote(Request, out Quote still));
        Assert.Equal(1_200, still.BasePrice.MinorUnits);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        bool found = engine.TryQuote(Request, out Quote next);
        Assert.True(!found || next.BasePrice.MinorUnits == 2_000);
        Assert.Equal(2_000, (await engine.QuoteAsync(Request)).BasePrice.MinorUnits);
    }

    [Fact]
    public async Task TryReadFeatures_GivesTheRowOfTheLastTick()
    {
        await using PricingEngine engine = Start();
        float[] row = new float[engine.Schema.Count];
        Assert.False(engine.TryReadFeatures("midtown", row, out _));
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Barrier(engine);
        Assert.True(engine.TryReadFeatures("midtown", row, out DateTimeOffset asOf));
        Assert.Equal(Noon.AddSeconds(1), asOf);
        Assert.Equal(1, row[FeatureSchema.Mobility.IndexOf("booking_count_15min")]);
        Assert.Throws<ArgumentException>(() => engine.TryReadFeatures("midtown", new float[3], out _));
    }

    [Fact]
    public async Task LateEventSink_GetsWhatIsTooOld()
    {
        var late = new List<MarketEvent>();
        await using PricingEngine engine = Start(options => options.LateEventSink = late.Add);
        MarketEvent tooOld = MarketEvent.Booking("midtown", Noon.AddMinutes(-16));
        Assert.False(engine.TryPublish(tooOld, out Rejection rejection));
        Assert.Equal(Rejection.TooOld, rejection);
        engine.TryPublish(MarketEvent.Booking("midtown", Noon.AddMinutes(-14)));
        engine.TryPublish(MarketEvent.Booking("midtown", Noon.AddMinutes(1)));
        Assert.Equal([tooOld], late);
    }

    [Fact]
    public async Task TryPublishForecast_IsUsedWhileFreshAndValid_ElseTheBaselineStandsIn()
    {
        await using PricingEngine engine = Start();
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        Assert.Equal(ForecastSource.Baseline, (await Decide(engine)).Decision.ForecastSource);

        var forecast = new Forecast(0.75f, 0.5f, 20, 10, 30, 15);
        Assert.True(engine.TryPublishForecast("midtown", forecast, "slow-1"));
        Quote byModel = await Decide(engine);
        Assert.Equal((ForecastSource.Model, "slow-1", forecast), (byModel.Decision.ForecastSource, byModel.Decision.ModelVersion, byModel.Decision.Forecast));
        Assert.Equal(20, byModel.Decision.Inputs.Demand);

        foreach (Forecast bad in new[]
        {
            forecast with { DemandScore = float.NaN }, forecast with { DemandScore = 1.01f }, forecast with { Low = 21 }, forecast with { High = float.PositiveInfinity },
            forecast with { HorizonMinutes = 0 }, forecast with { HorizonMinutes = -1 }, forecast with { HorizonMinutes = int.MinValue }, forecast with { Confidence = -0.1f },
        })
        {
            Assert.True(engine.TryPublishForecast("midtown", bad, "slow-2"));
            Quote fallback = await Decide(engine);
            Assert.Equal((ForecastSource.Fallback, "seasonal-naive-1"), (fallback.Decision.ForecastSource, fallback.Decision.ModelVersion));
        }

        Assert.True(engine.TryPublishForecast("midtown", forecast, "slow-1"));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(ForecastSource.Model, (await Decide(engine)).Decision.ForecastSource);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ForecastSource.Fallback, (await Decide(engine)).Decision.ForecastSource);
        Assert.False(engine.TryPublishForecast("nowhere", forecast, "slow-1"));
        Assert.True(engine.IsRunning);
    }

    [Fact]
    public async Task TryPublish_WhenTheClockGoesBack_StillCountsTheEvent()
    {
        // Receive time never decreases: an event that is accepted is in the windows.
        var time = new SettableTime { Now = Noon };
        await using PricingEngine engine = Start(options => options.TimeProvider = time);
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        engine.TryQuote(Request, out _);
        time.Now = Noon.AddHours(-2);
        Rejection rejection = await engine.PublishAsync(MarketEvent.Booking("midtown", time.Now));
        Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown", "other"));
        Assert.True(rejection == Rejection.TooOld || quote.Decision.Inputs.Demand > 5, $"{rejection}, demand {quote.Decision.Inputs.Demand}");
    }

    internal PricingEngine Start(Action<PricingOptions>? change = null)
    {
        var options = new PricingOptions { Rules = RuleSet.Parse(Rule), TimeProvider = _time, TickInterval = TimeSpan.FromSeconds(1) };
        change?.Invoke(options);
        return PricingEngine.Start(options);
    }

    private async Task Barrier(PricingEngine engine) =>
        Assert.Equal(Rejection.None, await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "barrier", _time.GetUtcNow())));

    /// <summary>A decision made now: the old one is dropped first.</summary>
    private async Task<Quote> Decide(PricingEngine engine)
    {
        await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "midtown", _time.GetUtcNow()));
        return await engine.QuoteAsync(Request);
    }

    private static async Task<QuoteRefusal> RefusalOf(PricingEngine engine, QuoteRequest request)
    {
        try
        {
            await engine.QuoteAsync(request);
            return QuoteRefusal.None;
        }
        catch (QuoteRefusedException refused)
        {
            return refused.Refusal;
        }
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
