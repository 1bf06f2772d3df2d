using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>A market whose one rule lets the price follow the model's forecast, on a clock moved by hand.</summary>
internal sealed class ModelMarket
{
    public const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","formula":"centred","increment":0.01,"min_multiplier":0.5}]}""";
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    public static readonly QuoteRequest Request = new("midtown");

    public HandDrivenTime Time { get; } = new(Noon);

    public PricingEngine Start(Action<PricingOptions>? change = null)
    {
        var options = new PricingOptions { Rules = RuleSet.Parse(Rule), TimeProvider = Time };
        change?.Invoke(options);
        var engine = PricingEngine.Start(options);
        Time.Advance(TimeSpan.FromSeconds(1)); // Before the first tick, features are stale and no forecast is used.
        return engine;
    }

    /// <summary>Returns once the loop has handled everything before it.</summary>
    public static async Task Barrier(PricingEngine engine) =>
        Assert.Equal(Rejection.None, await engine.PublishAsync(MarketEvent.Search("barrier", Noon)));
}
