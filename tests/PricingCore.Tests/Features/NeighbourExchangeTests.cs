using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;
using PricingCore.Tests.Engine;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: a region sees its neighbours as they were one to two minutes ago, the same with any number of shards.
/// Method: a line of three regions, bookings, a driver and a city event in the middle one, and a look from both sides at known moments.
/// </summary>
public sealed class NeighbourExchangeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Read_AfterTwoPostings_ShowsWhatTheNeighboursHadAtTheFirst(int shards)
    {
        await using PricingReplay replay = PricingReplay.Start(new PricingOptions
        {
            Shards = shards,
            Regions = [new("west") { Neighbours = ["middle"] }, new("middle") { Neighbours = ["west", "east"] }, new("east") { Neighbours = ["middle"] }],
            Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
        });
        replay.Publish(MarketEvent.Search("west", Noon), Noon);
        for (int i = 1; i <= 3; i++)
        {
            replay.Publish(MarketEvent.Booking("middle", Noon.AddSeconds(i)), Noon.AddSeconds(i));
        }

        replay.Publish(MarketEvent.SupplyAvailable("middle", "driver", Noon.AddSeconds(4)), Noon.AddSeconds(4));
        replay.Publish(MarketEvent.CityEvent("middle", Noon.AddSeconds(5), 0.8f, TimeSpan.FromHours(1)), Noon.AddSeconds(5));
        await replay.AskAsync(new QuoteRequest("middle"), Noon.AddSeconds(6));

        ReplayAnswer early = await replay.AskAsync(new QuoteRequest("west"), Noon.AddSeconds(90), withFeatures: true);
        replay.Publish(MarketEvent.Booking("middle", Noon.AddSeconds(119)), Noon.AddSeconds(119)); // After the posting that is read next.
        ReplayAnswer west = await replay.AskAsync(new QuoteRequest("west"), Noon.AddSeconds(150), withFeatures: true);
        ReplayAnswer middle = await replay.AskAsync(new QuoteRequest("middle"), Noon.AddSeconds(150), withFeatures: true);

        Assert.Equal(0, early.Feature("neighbour_bookings_15min"));
        Assert.Equal(3, west.Feature("neighbour_bookings_15min"));
        Assert.Equal(1, west.Feature("neighbour_available_drivers"));
        Assert.Equal(0.4f, west.Feature("nearby_event_score"));
        Assert.Equal(0.8f, middle.Feature("nearby_event_score"));
        Assert.True(west.Feature("neighbour_multiplier") > 1);
        Assert.Equal(0, middle.Feature("neighbour_bookings_15min"));
    }
}
