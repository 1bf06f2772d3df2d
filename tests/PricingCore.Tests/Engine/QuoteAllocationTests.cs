using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: reading a quote from the book allocates nothing.
/// Method: count the bytes of the reading thread after a warm-up.
/// </summary>
public sealed class QuoteAllocationTests
{
    [Fact]
    public async Task TryQuote_AfterWarmUp_AllocatesNothing()
    {
        await using PricingEngine engine = PricingEngine.Start(new PricingOptions
        {
            Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
            TimeProvider = new HandDrivenTime(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero)),
        });
        var request = new QuoteRequest("midtown");
        await engine.QuoteAsync(request);
        Assert.Equal(0, Measure(engine, request));
        Assert.Equal(0, Measure(engine, request with { BaseMinorUnits = 900 }));
    }

    private static long Measure(PricingEngine engine, QuoteRequest request) => AllocatedBytes.Of(() => Run(engine, request));

    private static void Run(PricingEngine engine, QuoteRequest request)
    {
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(engine.TryQuote(request, out _));
        }
    }
}
