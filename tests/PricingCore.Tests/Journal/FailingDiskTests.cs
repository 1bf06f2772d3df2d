using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Testing.Files;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: while the disk fails, a durable engine refuses with a reason and acknowledges nothing, and goes on by itself when it works again; a buffered one goes on and alerts.
/// Method: a simulated disk whose syncs fail on demand; the engine's own threads, so what is awaited is the refusal, not a time.
/// Control: with the lane's failure not told to the engine, the first test waits for ever for the refusal.
/// </summary>
public sealed class FailingDiskTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly HandDrivenTime _time = new(Noon);
    private readonly SimulatedFileStore _files = new(seed: 1);

    [Fact]
    public async Task Durable_RefusesWhileTheDiskFails_AndGoesOnByItself()
    {
        Task<Rejection> inFlight;
        await using (PricingEngine engine = Start(Durability.Durable))
        {
            Assert.Equal(Rejection.None, await engine.PublishAsync(MarketEvent.Booking("a", Noon, "u1")));
            Quote quote = await engine.QuoteAsync(new QuoteRequest("a"));
            _files.FailingSyncs = 1;
            inFlight = engine.PublishAsync(MarketEvent.Booking("a", Noon, "u2")).AsTask();
            Assert.True(SpinWait.SpinUntil(() => engine.TryPublish(MarketEvent.Search("a", Noon), out Rejection reason) ? false : reason == Rejection.JournalUnavailable, TimeSpan.FromSeconds(30)));
            QuoteRefusedException refused = await Assert.ThrowsAsync<QuoteRefusedException>(async () => await engine.QuoteAsync(new QuoteRequest("b")));
            Assert.Equal(QuoteRefusal.JournalUnavailable, refused.Refusal);
            Assert.False(inFlight.IsCompleted);
            Assert.True(engine.TryQuote(new QuoteRequest("a"), out Quote held));
            Assert.Equal(quote.Price, held.Price);

            _files.FailingSyncs = 0;
            Assert.Equal(Rejection.None, await inFlight);
            Assert.True(SpinWait.SpinUntil(() => engine.TryPublish(MarketEvent.Search("a", Noon)), TimeSpan.FromSeconds(30)));
            await engine.QuoteAsync(new QuoteRequest("b"));
        }

        _files.Crash(); // All that was acknowledged is safe.
        await using PricingEngine again = Start(Durability.Durable);
        Assert.True(again.Statistics.Applied >= 3);
        Assert.Null(again.Recovery.Difference);
    }

    [Fact]
    public async Task Buffered_GoesOnWhileTheDiskFails()
    {
        await using PricingEngine engine = Start(Durability.Buffered);
        _files.FailingWrites = 1;
        for (int i = 0; i < 200_000; i++)
        {
            engine.TryPublish(MarketEvent.Search("a", Noon));
        }

        Rejection outcome;
        while ((outcome = await engine.PublishAsync(MarketEvent.Booking("a", Noon))) == Rejection.Busy)
        {
            await Task.Yield(); // The ring is full of what the loop has yet to handle; that it does is what is tested.
        }

        Assert.Equal(Rejection.None, outcome);
        await engine.QuoteAsync(new QuoteRequest("a"));
        _files.FailingWrites = 0;
    }

    private PricingEngine Start(Durability durability) => PricingEngine.Start(new PricingOptions
    {
        Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
        TimeProvider = _time,
        MaxRegions = 100,
        Journal = new JournalOptions { Directory = "journal", Durability = durability, Files = _files },
    });
}
