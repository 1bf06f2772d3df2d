using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Quotes;
using PricingCore.Rules;
using static PricingCore.Tests.Engine.OneRuleMarket;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a live engine decides by features and forecasts that are fresh, says why it refuses, and takes an event once.
/// Method: a clock moved by hand, whose ticks go through the real ring and loop; awaiting a published event is the barrier after
/// which everything before it has been handled.
/// </summary>
public sealed class PricingEngineTests
{
    private readonly OneRuleMarket _market = new();

    [Fact]
    public async Task QuoteAsync_WhenNeitherEventNorTickCameIn_SaysThatFeaturesAreStale()
    {
        await using PricingEngine engine = _market.Start(options => (options.TickInterval, options.StaleAfter) = (TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20)));
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        _market.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.False((await engine.QuoteAsync(Request)).Decision.Inputs.IsStale);
        _market.Time.Advance(TimeSpan.FromSeconds(31));
        Quote stale = await engine.QuoteAsync(Request);
        Assert.True(stale.Decision.Inputs.IsStale);
        Assert.Equal(ForecastSource.None, stale.Decision.ForecastSource);
        Assert.Equal(0, stale.Decision.Outcome.Factors.Sum);
        Assert.Equal(1, engine.Statistics.StaleDecisions);

        _market.Time.Advance(TimeSpan.FromSeconds(70)); // A second past the next tick.
        Assert.False((await engine.QuoteAsync(Request)).Decision.Inputs.IsStale);
    }

    [Fact]
    public async Task PublishAsync_OfTheSameKey_SaysDuplicateUntilTheWindowHasPassed()
    {
        await using PricingEngine engine = _market.Start();
        MarketEvent At(DateTimeOffset at) => MarketEvent.Booking("midtown", at) with { IdempotencyKey = "k" };
        Assert.Equal(Rejection.None, await engine.PublishAsync(At(Noon)));
        Assert.Equal(Rejection.Duplicate, await engine.PublishAsync(At(Noon)));
        Assert.Equal(Rejection.None, await engine.PublishAsync(At(Noon) with { RegionId = "elsewhere" }));
        _market.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Rejection.None, await engine.PublishAsync(At(_market.Time.GetUtcNow())));
        Assert.Equal(1, engine.Statistics.Duplicates);
        Assert.Equal(3, engine.Statistics.Applied);
    }

    [Fact]
    public async Task Engine_WhenDisposed_RefusesEverythingAsStopped()
    {
        PricingEngine engine = _market.Start();
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
        await using PricingEngine engine = _market.Start(options =>
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
    public async Task TryReadFeatures_GivesTheRowOfTheLastTick()
    {
        await using PricingEngine engine = _market.Start();
        float[] row = new float[engine.Schema.Count];
        Assert.False(engine.TryReadFeatures("midtown", row, out _));
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        _market.Time.Advance(TimeSpan.FromSeconds(1));
        await _market.Barrier(engine);
        Assert.True(engine.TryReadFeatures("midtown", row, out DateTimeOffset asOf));
        Assert.Equal(Noon.AddSeconds(1), asOf);
        Assert.Equal(1, row[FeatureSchema.Mobility.IndexOf("booking_count_15min")]);
        Assert.Throws<ArgumentException>(() => engine.TryReadFeatures("midtown", new float[3], out _));
    }

    [Fact]
    public async Task LateEventSink_GetsWhatIsTooOld()
    {
        var late = new List<MarketEvent>();
        await using PricingEngine engine = _market.Start(options => options.LateEventSink = late.Add);
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
        await using PricingEngine engine = _market.Start();
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
        _market.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(ForecastSource.Model, (await Decide(engine)).Decision.ForecastSource);
        _market.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ForecastSource.Fallback, (await Decide(engine)).Decision.ForecastSource);
        Assert.False(engine.TryPublishForecast("nowhere", forecast, "slow-1"));
        Assert.True(engine.IsRunning);
    }

    [Fact]
    public async Task TryPublish_WhenTheClockGoesBack_StillCountsTheEvent()
    {
        // Receive time never decreases: an event that is accepted is in the windows.
        var time = new SettableTime { Now = Noon };
        await using PricingEngine engine = _market.Start(options => options.TimeProvider = time);
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        engine.TryQuote(Request, out _);
        time.Now = Noon.AddHours(-2);
        Rejection rejection = await engine.PublishAsync(MarketEvent.Booking("midtown", time.Now));
        Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown", "other"));
        Assert.True(rejection == Rejection.TooOld || quote.Decision.Inputs.Demand > 5, $"{rejection}, demand {quote.Decision.Inputs.Demand}");
    }

    /// <summary>A decision made now: the old one is dropped first.</summary>
    private async Task<Quote> Decide(PricingEngine engine)
    {
        await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "midtown", _market.Time.GetUtcNow()));
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
