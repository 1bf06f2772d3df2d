using PricingCore.Events;

namespace PricingCore.Client.Tests.Client;

/// <summary>
/// Goal: a batch of events is answered when all of it is in the features, with the reason of each that was not taken.
/// Method: good and bad events mixed, in one frame and in many; afterwards the engine's own counts.
/// </summary>
public sealed class PublishTests
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Batch_SaysWhyEachWasRefused()
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync();
        await using PricingClient client = server.Connect();
        MarketEvent[] events =
        [
            MarketEvent.Booking("a", Now, "user-1"), MarketEvent.Search("", Now), MarketEvent.Booking("a", Now.AddHours(-1)),
            MarketEvent.Booking("a", Now.AddMinutes(5)), MarketEvent.Search("a", Now, new string('u', 500)),
            new(MarketEventKind.Tick, "a", Now), new((MarketEventKind)200, "a", Now),
            MarketEvent.Weather("a", Now, EventValues.None), MarketEvent.Weather("*", Now, EventValues.Weather(temperatureC: 21, windMetresPerSecond: 3)),
            MarketEvent.Booking("a", Now) with { IdempotencyKey = "once" }, MarketEvent.Booking("a", Now) with { IdempotencyKey = "once" },
            MarketEvent.SupplyAvailable("a", "driver-1", Now), MarketEvent.CityEvent("a", Now, 0.5f, TimeSpan.FromHours(1)) with { ProductType = "xl" },
            new(MarketEventKind.Traffic, "a", Now) { Values = EventValues.Of(float.PositiveInfinity) },
        ];
        var outcomes = new Rejection[events.Length];

        await client.PublishAsync(events, outcomes);

        Assert.Equal(
            [
                Rejection.None, Rejection.InvalidRegion, Rejection.TooOld, Rejection.InFuture, Rejection.InvalidId, Rejection.ReservedKind, Rejection.UnknownKind,
                Rejection.MissingValue, Rejection.None, Rejection.None, Rejection.Duplicate, Rejection.None, Rejection.None, Rejection.NotFinite,
            ],
            outcomes);
        Assert.Equal(5, server.Engine.Statistics.Applied);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ManyEvents_AreAllInTheFeaturesWhenTheAnswerIsThere(int shards)
    {
        await using ProtocolServer server = await ProtocolServer.StartAsync(
            options => options.MaxEventsInBatch = 1_000,
            engine => engine.Shards = shards);
        await using PricingClient client = server.Connect();
        MarketEvent[] events = [.. Enumerable.Range(0, 12_345).Select(i => (i % 7) switch
        {
            0 => MarketEvent.SupplyAvailable("region-" + (i % 50), "unit-" + (i % 400), Now),
            1 => MarketEvent.Booking("region-" + (i % 50), Now) with { IdempotencyKey = "key-" + i },
            _ => MarketEvent.Search("region-" + (i % 50), Now, "user-" + i),
        })];
        var outcomes = new Rejection[events.Length];
        await client.PublishAsync(events, outcomes);
        Assert.Equal(events.Length - outcomes.Count(outcome => outcome != Rejection.None), server.Engine.Statistics.Applied);
        Assert.All(outcomes, outcome => Assert.Equal(Rejection.None, outcome));
    }

    [Fact]
    public async Task WrongLengths_AreTheCallersMistake()
    {
        await using var client = new PricingClient(new PricingClientOptions { EndPoint = new System.Net.IPEndPoint(0, 1) });
        await Assert.ThrowsAsync<ArgumentException>(async () => await client.PublishAsync(new MarketEvent[2], new Rejection[1]));
        Assert.Throws<ArgumentException>(() => new PricingClient(new PricingClientOptions { Connections = 0 }));
    }
}
