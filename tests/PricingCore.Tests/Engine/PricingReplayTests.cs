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

    [Fact]
    public async Task Ask_AfterAQuietNight_IsNotStale()
    {
        // Ticks would have come all the time; leaving most of them out must not show.
        await using PricingReplay replay = PricingReplay.Start(Options());
        replay.Publish(MarketEvent.Booking("midtown", Noon), Noon);
        foreach (double hours in new[] { 1.99, 2.5, 5.7, 30.3, 400 })
        {
            ReplayAnswer answer = await replay.AskAsync(new QuoteRequest("midtown"), Noon.AddHours(hours));
            Assert.False(answer.Quote.Decision.Inputs.IsStale, $"after {hours} h");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Ask_ForARegionOfAnotherShard_IsAsStaleAsWithOne(int shards)
    {
        PricingOptions options = Options();
        options.Shards = shards;
        await using PricingReplay replay = PricingReplay.Start(options);
        replay.Publish(MarketEvent.Booking("a", Noon), Noon);
        foreach (string region in new[] { "b", "c", "d", "e", "f" })
        {
            Assert.True((await replay.AskAsync(new QuoteRequest(region), Noon)).Quote.Decision.Inputs.IsStale);
        }

        Assert.False((await replay.AskAsync(new QuoteRequest("a"), Noon)).Quote.Decision.Inputs.IsStale);
    }

    [Fact]
    public async Task Publish_OfMoreKeysThanTheRingAndTableHold_WaitsForTheLoopRatherThanRefuse()
    {
        // 8 keys live at any time, out of room for 10: whether there is room must not depend on how far the loop has come.
        PricingOptions options = Options();
        options.MaxIdempotencyKeys = 10;
        options.IdempotencyWindow = TimeSpan.FromSeconds(8);
        options.RingCapacityEvents = 4_096;
        await using PricingReplay replay = PricingReplay.Start(options);
        for (int i = 0; i < 20_000; i++)
        {
            DateTimeOffset at = Noon.AddSeconds(i);
            Assert.Equal(Rejection.None, replay.Publish(MarketEvent.Booking("midtown", at) with { IdempotencyKey = "k" + i }, at));
        }
    }

    [Fact]
    public async Task Statistics_AfterDrain_AreComplete()
    {
        for (int round = 0; round < 200; round++)
        {
            await using PricingReplay replay = PricingReplay.Start(Options());
            for (int i = 0; i < 20; i++)
            {
                replay.Publish(MarketEvent.Booking("midtown", Noon.AddMinutes(-2)), Noon);
            }

            await replay.DrainAsync();
            Assert.Equal((20, 20), (replay.Statistics.Applied, replay.Statistics.Late));
        }
    }

    [Fact]
    public async Task Publish_OutsideTheCalendar_IsRefused()
    {
        await using PricingReplay replay = PricingReplay.Start(Options());
        MarketEvent e = MarketEvent.Booking("midtown", Noon);
        Assert.Equal(Rejection.OutOfRange, replay.Publish(e, DateTimeOffset.UnixEpoch));
        Assert.Equal(Rejection.OutOfRange, replay.Publish(e, new DateTimeOffset(2100, 1, 1, 0, 0, 1, TimeSpan.Zero)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await replay.AskAsync(new QuoteRequest("midtown"), DateTimeOffset.MinValue));
        Assert.Equal(Rejection.None, replay.Publish(e, Noon));
    }

    [Fact]
    public async Task Ask_AfterACenturyOfSilence_Answers()
    {
        await using PricingReplay replay = PricingReplay.Start(Options());
        var first = new DateTimeOffset(1970, 1, 2, 0, 0, 0, TimeSpan.Zero);
        replay.Publish(MarketEvent.Booking("midtown", first), first);
        ReplayAnswer answer = await replay.AskAsync(new QuoteRequest("midtown"), new DateTimeOffset(2099, 12, 31, 0, 0, 0, TimeSpan.Zero), withFeatures: true);
        Assert.Equal(0, answer.Feature("booking_count_15min"));
        Assert.Equal(168, answer.Feature("hours_learned"));
    }

    [Fact]
    public async Task Ask_WithALargestStep_MovesNoFasterThanAllowed()
    {
        PricingOptions options = Options();
        options.Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","formula":"centred","max_step_per_minute":0.1}]}""");
        await using PricingReplay replay = PricingReplay.Start(options);
        replay.Publish(MarketEvent.SupplyAvailable("midtown", "driver", Noon), Noon);
        int before = (await replay.AskAsync(new QuoteRequest("midtown"), Noon.AddSeconds(1))).Quote.Multiplier.Steps;
        for (int i = 0; i < 400; i++)
        {
            replay.Publish(MarketEvent.Booking("midtown", Noon.AddSeconds(2)), Noon.AddSeconds(2));
        }

        int at = 1;
        foreach (int seconds in new[] { 7, 31, 61, 181 })
        {
            int now = (await replay.AskAsync(new QuoteRequest("midtown"), Noon.AddSeconds(seconds))).Quote.Multiplier.Steps;
            Assert.InRange(now - before, 1, 1_000 * (seconds - at) / 60);
            (before, at) = (now, seconds);
        }
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
