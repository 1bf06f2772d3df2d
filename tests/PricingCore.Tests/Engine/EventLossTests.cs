using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: between TryPublish = true and the features nothing is lost and nothing counts twice, also while the engine stops.
/// Method: four threads publish into two shards with small rings on the system clock; what they were told is taken must be what was
/// applied, and what the features add up to.
/// </summary>
public sealed class EventLossTests
{
    private const int Producers = 4;
    private static readonly string[] Ids = ["a", "b", "c", "d", "e", "f", "g", "h"];

    [Fact]
    public async Task TryPublish_FromManyThreads_LosesAndDoublesNothing()
    {
        await using PricingEngine engine = PricingEngine.Start(Options());
        long taken = 0;
        Parallel.For(0, Producers, producer =>
        {
            var random = new Random(producer);
            for (int i = 0; i < 30_000; i++)
            {
                string region = Ids[random.Next(Ids.Length)];
                bool isSupply = random.Next(5) == 0;
                MarketEvent e = isSupply ? MarketEvent.SupplyAvailable(region, "unit" + random.Next(50), DateTimeOffset.UtcNow) : MarketEvent.Booking(region, DateTimeOffset.UtcNow);
                if (engine.TryPublish(e) && !isSupply)
                {
                    Interlocked.Increment(ref taken);
                }
            }
        });

        float counted = 0;
        long applied = engine.Statistics.Applied;
        foreach (string region in Ids)
        {
            Rejection rejection;
            while ((rejection = await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, region, DateTimeOffset.UtcNow))) == Rejection.Busy)
            {
                await Task.Yield();
            }

            Quote quote = await engine.QuoteAsync(new QuoteRequest(region));
            counted += quote.Decision.Inputs.Demand is var demand ? (float)demand : 0; // Nothing is usual yet: the bookings of 15 minutes.
        }

        Assert.Equal(taken, counted);
        Assert.True(engine.Statistics.Rejected.GetValueOrDefault(Rejection.Busy) > 0 || taken > 0);
        Assert.True(engine.Statistics.Applied >= applied);
    }

    [Fact]
    public async Task TryPublish_WhileTheEngineStops_LosesNothingItTook()
    {
        for (int round = 0; round < 60; round++)
        {
            PricingEngine engine = PricingEngine.Start(Options());
            long taken = 0;
            using var started = new CountdownEvent(Producers);
            Thread[] threads = [.. Enumerable.Range(0, Producers).Select(producer => new Thread(() =>
            {
                bool isFirst = true;
                Rejection rejection = Rejection.None;
                for (int i = 0; rejection != Rejection.Stopped; i++)
                {
                    string region = Ids[i % Ids.Length];
                    bool isTaken = i % 3 == 0
                        ? engine.TryPublish(MarketEvent.SupplyAvailable(region, "unit" + producer, DateTimeOffset.UtcNow), out rejection)
                        : engine.TryPublish(MarketEvent.Booking(region, DateTimeOffset.UtcNow), out rejection);
                    if (isTaken)
                    {
                        Interlocked.Increment(ref taken);
                    }

                    if (isFirst)
                    {
                        started.Signal();
                        isFirst = false;
                    }
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            started.Wait();
            await engine.DisposeAsync();
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(taken, engine.Statistics.Applied);
        }
    }

    private static PricingOptions Options() => new()
    {
        Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
        Shards = 2,
        RingCapacityEvents = 256,
        MaxRegions = 100,
        MaxUnits = 100,
        MaxSessions = 100,
        MaxIdempotencyKeys = 100,
    };
}
