using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;
using static PricingCore.Tests.Engine.OneRuleMarket;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a live engine quotes from a decision as long as it holds, renews it ahead, and drops it when time, rules or events end it.
/// Method: a clock moved by hand, whose ticks go through the real ring and loop; awaiting a published event is the barrier after
/// which everything before it has been handled.
/// </summary>
public sealed class DecisionLifeTests
{
    private readonly OneRuleMarket _market = new();

    [Fact]
    public async Task TryQuote_WhenTheBookHasNone_AsksSoThatTheNextTryFinds()
    {
        await using PricingEngine engine = _market.Start();
        Assert.False(engine.TryQuote(Request, out _));
        await _market.Barrier(engine);
        Assert.True(engine.TryQuote(Request, out Quote quote));
        Assert.True(quote.Cached);
        Assert.Equal(Noon, quote.Decision.DecidedAt);
        Assert.Equal(Noon.AddMinutes(2), quote.ValidUntil);
        Assert.Equal(1, engine.Statistics.Decisions);
    }

    [Fact]
    public async Task QuoteAsync_SaysWhetherTheDecisionWasMadeBefore()
    {
        await using PricingEngine engine = _market.Start();
        Assert.False((await engine.QuoteAsync(Request)).Cached);
        Assert.True((await engine.QuoteAsync(Request)).Cached);
        Assert.False((await engine.QuoteAsync(Request with { ProductType = "xl" })).Cached);
    }

    [Fact]
    public async Task TryQuote_WhenTheDecisionHasEnded_Misses()
    {
        await using PricingEngine engine = _market.Start();
        await engine.QuoteAsync(Request);
        _market.Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMicroseconds(1));
        Assert.True(engine.TryQuote(Request, out _));
        await _market.Barrier(engine);
        await engine.QuoteAsync(Request);
        _market.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(engine.TryQuote(Request, out _));
    }

    [Fact]
    public async Task TryQuote_NearTheEnd_RenewsAheadAndOnlyOnce()
    {
        await using PricingEngine engine = _market.Start();
        await engine.QuoteAsync(Request);
        _market.Time.Advance(TimeSpan.FromSeconds(22));
        Assert.True(engine.TryQuote(Request, out _));
        await _market.Barrier(engine);
        Assert.Equal(1, engine.Statistics.Decisions);

        _market.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(engine.TryQuote(Request, out Quote old));
        Assert.True(engine.TryQuote(Request, out _));
        Assert.Equal(Noon, old.Decision.DecidedAt);
        await _market.Barrier(engine);
        Assert.Equal(2, engine.Statistics.Decisions);
        Assert.True(engine.TryQuote(Request, out Quote renewed));
        Assert.Equal(Noon.AddSeconds(23), renewed.Decision.DecidedAt);
    }

    [Fact]
    public async Task PublishRulesAsync_EndsEveryDecisionByTheOldRules()
    {
        await using PricingEngine engine = _market.Start();
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
        await using PricingEngine engine = _market.Start(options => options.DirtyAfterEvents = 5);
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
        await using PricingEngine engine = _market.Start();
        await engine.QuoteAsync(Request);
        await engine.QuoteAsync(new QuoteRequest("elsewhere"));
        await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "midtown", Noon));
        Assert.False(engine.TryQuote(Request, out _));
        Assert.True(engine.TryQuote(new QuoteRequest("elsewhere"), out _));
    }

    [Fact]
    public async Task TryQuote_AfterADemandSpike_Misses()
    {
        await using PricingEngine engine = _market.Start(options => (options.TickInterval, options.DecisionValidity) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)));
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        for (int hour = 0; hour < 27; hour++)
        {
            _market.Time.Advance(TimeSpan.FromHours(1));
            await _market.Barrier(engine);
        }

        await engine.QuoteAsync(Request);
        engine.Spikes.IsUsed = true;
        for (int i = 0; i < 12; i++)
        {
            await engine.PublishAsync(MarketEvent.Booking("midtown", _market.Time.GetUtcNow()));
        }

        Assert.True(engine.TryQuote(Request, out _)); // A region is looked at once a minute.
        _market.Time.Advance(TimeSpan.FromMinutes(1));
        await engine.PublishAsync(MarketEvent.Booking("midtown", _market.Time.GetUtcNow()));
        Assert.False(engine.TryQuote(Request, out _));
        Assert.Equal(1, engine.Statistics.DemandSpikes);
        Assert.True(engine.Spikes.TryTake(out DemandSpike spike));
        Assert.Equal(("midtown", true), (engine.RegionOf(spike.Region), spike.Score >= 5));

        _market.Time.Advance(TimeSpan.FromMinutes(1));
        await engine.PublishAsync(MarketEvent.Booking("midtown", _market.Time.GetUtcNow()));
        Assert.Equal(1, engine.Statistics.DemandSpikes);
        Assert.False(engine.Spikes.TryTake(out _));
    }

    [Fact]
    public async Task TryQuote_WhenARuleTakesEffect_MissesFromThatMomentOn()
    {
        await using PricingEngine engine = _market.Start(options => options.Rules = RuleSet.Parse("""
            {"rules":[
              {"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"},
              {"region_id":"*","product_type":"*","base_price":20.00,"currency":"USD","effective_date":"2026-03-04T12:00:10Z"}]}
            """));
        Assert.Equal(1_200, (await engine.QuoteAsync(Request)).BasePrice.MinorUnits);
        _market.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMicroseconds(1));
        Assert.True(engine.TryQuote(Request, out Quote still));
        Assert.Equal(1_200, still.BasePrice.MinorUnits);
        _market.Time.Advance(TimeSpan.FromMicroseconds(1));
        bool found = engine.TryQuote(Request, out Quote next);
        Assert.True(!found || next.BasePrice.MinorUnits == 2_000);
        Assert.Equal(2_000, (await engine.QuoteAsync(Request)).BasePrice.MinorUnits);
    }
}
