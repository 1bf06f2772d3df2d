using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a replay prices from exactly what was published before the request, whatever the number of shards.
/// Method: small hand-made streams, and reading the features and inputs that come with the answer.
/// </summary>
public sealed class PricingReplayTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ask_AfterBookings_CountsThemInTheWindows()
    {
        await using PricingReplay replay = PricingReplay.Start(Options());
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(Rejection.None, replay.Publish(MarketEvent.Booking("midtown", Noon.AddSeconds(i), "u" + i), Noon.AddSeconds(i)));
        }

        ReplayAnswer answer = await replay.AskAsync(new QuoteRequest("midtown"), Noon.AddSeconds(90), withFeatures: true);

        Assert.Equal(QuoteRefusal.None, answer.Refusal);
        Assert.Equal(7, answer.Feature("booking_count_15min"));
        Assert.Equal(7, answer.Feature("booking_count_1min"));
        Assert.Equal(0, answer.Feature("booking_count_5min"));
        Assert.Equal(7, answer.Feature("active_sessions"));
        Assert.Equal(12, answer.Feature("hour_of_day"));
        Assert.False(answer.Quote.Cached);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Publish_WhenADriverMoves_LeavesTheOldRegion(int shards)
    {
        PricingOptions options = Options();
        options.Shards = shards;
        await using PricingReplay replay = PricingReplay.Start(options);
        foreach (string region in new[] { "a", "b", "c", "d" })
        {
            replay.Publish(MarketEvent.SupplyAvailable(region, "driver-1", Noon), Noon);
        }

        Assert.Equal(0, (await replay.AskAsync(new QuoteRequest("a"), Noon, withFeatures: true)).Feature("available_drivers"));
        Assert.Equal(0, (await replay.AskAsync(new QuoteRequest("c"), Noon, withFeatures: true)).Feature("available_drivers"));
        Assert.Equal(1, (await replay.AskAsync(new QuoteRequest("d"), Noon, withFeatures: true)).Feature("available_drivers"));
    }

    private static PricingOptions Options() => new()
    {
        Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
    };
}

internal static class ReplayAnswerReading
{
    public static float Feature(this ReplayAnswer answer, string name) =>
        answer.Features.Span[FeatureSchema.Mobility.IndexOf(name)];
}
