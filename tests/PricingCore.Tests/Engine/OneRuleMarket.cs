using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>A market where one rule prices everything, on a clock moved by hand that ticks each second.</summary>
internal sealed class OneRuleMarket
{
    public const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""";
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    public static readonly QuoteRequest Request = new("midtown");

    public HandDrivenTime Time { get; } = new(Noon);

    public PricingEngine Start(Action<PricingOptions>? change = null)
    {
        var options = new PricingOptions { Rules = RuleSet.Parse(Rule), TimeProvider = Time, TickInterval = TimeSpan.FromSeconds(1) };
        change?.Invoke(options);
        return PricingEngine.Start(options);
    }

    /// <summary>Returns once the loop has handled everything before it.</summary>
    public async Task Barrier(PricingEngine engine) =>
        Assert.Equal(Rejection.None, await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "barrier", Time.GetUtcNow())));
}
