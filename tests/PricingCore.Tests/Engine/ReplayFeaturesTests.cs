using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Quotes;
using PricingCore.Replay;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: features read from a replay are those that a decision at that time would be made from, and reading them leaves no trace.
/// Method: small streams without rules; each row is compared with one read another way.
/// </summary>
public sealed class ReplayFeaturesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ReadFeatures_WithoutRules_GivesTheRowOfThatTime()
    {
        await using PricingReplay replay = PricingReplay.Start(new PricingOptions());
        Publish(replay, bookings: 7);

        ReplayFeatures features = await replay.ReadFeaturesAsync("midtown", Noon.AddSeconds(90));

        Assert.Equal(FeatureSchema.Mobility.Count, features.Row.Length);
        Assert.Equal(7, features.Row.Span[FeatureSchema.Mobility.IndexOf("booking_count_15min")]);
        Assert.Equal(7, features.Signals.Bookings15Min);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task ReadFeatures_IsWhatADecisionAtThatTimeReads(int shards)
    {
        var options = new PricingOptions { Shards = shards };
        await using PricingReplay read = PricingReplay.Start(options);
        await using PricingReplay asked = PricingReplay.Start(options);
        Publish(read, bookings: 11);
        Publish(asked, bookings: 11);

        ReplayFeatures features = await read.ReadFeaturesAsync("midtown", Noon.AddMinutes(9));
        ReplayAnswer answer = await asked.AskAsync(new QuoteRequest("midtown"), Noon.AddMinutes(9), withFeatures: true);

        Assert.Equal(QuoteRefusal.NoRule, answer.Refusal);
        Assert.Equal(answer.Features.ToArray(), features.Row.ToArray());
    }

    [Fact]
    public async Task ReadFeatures_BeforeTheFirstEventOfARegion_LeavesNoTrace()
    {
        var options = new PricingOptions { Regions = [new PricingCore.Regions.Region("midtown")] };
        await using PricingReplay looked = PricingReplay.Start(options);
        await using PricingReplay fresh = PricingReplay.Start(options);

        await looked.ReadFeaturesAsync("midtown", Noon.AddHours(-3));
        Publish(looked, bookings: 5);
        Publish(fresh, bookings: 5);

        ReplayFeatures one = await looked.ReadFeaturesAsync("midtown", Noon.AddHours(2));
        ReplayFeatures other = await fresh.ReadFeaturesAsync("midtown", Noon.AddHours(2));
        Assert.Equal(other.Row.ToArray(), one.Row.ToArray());
    }

    [Fact]
    public async Task ReadFeatures_WhenTheRegionIsNotKnown_SaysSo()
    {
        await using PricingReplay replay = PricingReplay.Start(new PricingOptions());

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(async () => await replay.ReadFeaturesAsync("nowhere", Noon));

        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    private static void Publish(PricingReplay replay, int bookings)
    {
        for (int i = 0; i < bookings; i++)
        {
            Assert.Equal(Rejection.None, replay.Publish(MarketEvent.Booking("midtown", Noon.AddSeconds(i), "u" + i), Noon.AddSeconds(i)));
        }
    }
}
