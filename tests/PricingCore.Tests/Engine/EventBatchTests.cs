using PricingCore.Events;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a batch is answered when every event of it is in the features, in order, and nothing is acknowledged that was not taken.
/// Method: batches against engines whose ring or whose places to wait in are far too small; the engine's own counts afterwards.
/// Seen to fail, as busy though room was to come, while a held event and the one behind it were not waited for one after the other.
/// </summary>
public sealed class EventBatchTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 4_096, 65_536)]
    [InlineData(2, 4_096, 65_536)]
    [InlineData(1, 1, 65_536)]
    [InlineData(3, 1, 65_536)]
    [InlineData(2, 4, 65_536)]
    [InlineData(1, 8, 64)]
    [InlineData(2, 8, 64)]
    public async Task Acknowledged_IsApplied(int shards, int places, int ring)
    {
        var options = new PricingOptions
        {
            Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
            Shards = shards,
            MaxWaitingRequests = places,
            RingCapacityEvents = ring,
            UserEventsPerMinute = 0,
            TimeProvider = new HandDrivenTime(Noon),
        };
        await using PricingEngine engine = PricingEngine.Start(options);
        MarketEvent[] events = [.. Enumerable.Range(0, 3_000).Select(i => (i % 11) switch
        {
            0 => MarketEvent.Booking("r" + (i % 13), Noon) with { IdempotencyKey = "k" + (i % 1_500) },
            1 => MarketEvent.SupplyAvailable("r" + (i % 13), "u" + (i % 50), Noon),
            2 => MarketEvent.Weather("*", Noon, EventValues.Weather(rainMmPerHour: i % 5)),
            3 => MarketEvent.Search("", Noon),
            _ => MarketEvent.Search("r" + (i % 13), Noon),
        })];
        var outcomes = new Rejection[events.Length];

        await engine.PublishAsync(events, outcomes);

        int taken = outcomes.Count(outcome => outcome == Rejection.None);
        Assert.Equal(taken, engine.Statistics.Applied);
        Assert.Equal(outcomes.Count(outcome => outcome == Rejection.Duplicate), engine.Statistics.Duplicates);
        Assert.All(Enumerable.Range(0, events.Length), i => Assert.Equal(i % 11 == 3, outcomes[i] == Rejection.InvalidRegion));
        if (ring > 64)
        {
            Assert.DoesNotContain(Rejection.Busy, outcomes);
        }
    }

    [Fact]
    public async Task StoppedEngine_RefusesEach()
    {
        PricingEngine engine = PricingEngine.Start(new PricingOptions());
        await engine.DisposeAsync();
        var outcomes = new Rejection[2];
        await engine.PublishAsync(new[] { MarketEvent.Search("a", Noon), MarketEvent.Search("b", Noon) }, outcomes);
        Assert.Equal([Rejection.Stopped, Rejection.Stopped], outcomes);
        await Assert.ThrowsAsync<ArgumentException>(async () => await engine.PublishAsync(new MarketEvent[1], new Rejection[2]));
        await engine.PublishAsync(ReadOnlyMemory<MarketEvent>.Empty, Memory<Rejection>.Empty);
    }
}
