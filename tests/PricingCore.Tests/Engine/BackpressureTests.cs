using Microsoft.Extensions.Logging;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a full ring refuses and never waits, loses nothing that it took, and works again once there is room.
/// Method: a demand spike is reported on the loop's thread, so a logger that blocks holds the loop still while the ring fills.
/// </summary>
public sealed class BackpressureTests
{
    private const int Capacity = 64;
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""";

    [Fact]
    public async Task TryPublish_WhenTheRingIsFull_RefusesAsBusyAndLosesNothing()
    {
        var time = new HandDrivenTime(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
        using var logger = new HoldingLogger();
        await using PricingEngine engine = Start(time, logger);
        await MakeSpike(engine, time, logger);

        MarketEvent e = MarketEvent.Search("other", time.GetUtcNow()) with { IdempotencyKey = "k" };
        long before = engine.Statistics.Applied;
        int taken = 0;
        Rejection rejection;
        while (engine.TryPublish(e with { IdempotencyKey = "k" + taken }, out rejection))
        {
            taken++;
        }

        Assert.Equal(Rejection.Busy, rejection);
        Assert.InRange(taken, 1, Capacity);
        Assert.Equal(Rejection.Busy, await engine.PublishAsync(e));
        Assert.False(engine.TryQuote(new QuoteRequest("new"), out _));
        Assert.Equal(QuoteRefusal.Busy, (await Assert.ThrowsAsync<QuoteRefusedException>(async () => await engine.QuoteAsync(new QuoteRequest("new")))).Refusal);
        time.Advance(TimeSpan.FromSeconds(60)); // A tick is left out, not waited for.

        logger.LetGo();
        while (!engine.TryPublish(MarketEvent.Search("other", time.GetUtcNow())))
        {
            await Task.Yield();
        }

        // A batch frees its slots at its end, so the ring may look full for a moment more.
        while ((rejection = await engine.PublishAsync(MarketEvent.Search("other", time.GetUtcNow()))) == Rejection.Busy)
        {
            await Task.Yield();
        }

        Assert.Equal(Rejection.None, rejection);
        Assert.Equal(before + taken + 3, engine.Statistics.Applied); // The booking that was held, what was taken, and two more.
    }

    [Fact]
    public async Task PublishRulesAsync_WhenAsManyEventsWaitAsMay_EntersAllTheSame()
    {
        var time = new HandDrivenTime(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
        using var logger = new HoldingLogger();
        await using PricingEngine engine = Start(time, logger, mostWaiting: 1);
        await MakeSpike(engine, time, logger);
        MarketEvent e = MarketEvent.Search("other", time.GetUtcNow());
        Task<Rejection> waits = engine.PublishAsync(e).AsTask();
        Assert.Equal(Rejection.Busy, await engine.PublishAsync(e));

        Task published = engine.PublishRulesAsync(RuleSet.Parse(Rule.Replace("12.00", "24.00", StringComparison.Ordinal))).AsTask();

        Assert.False(published.IsCompleted);
        logger.LetGo();
        await published;
        Assert.Equal(Rejection.None, await waits);
        Assert.Equal(24m, (await engine.QuoteAsync(new QuoteRequest("other"))).BasePrice.Major);
    }

    private static PricingEngine Start(HandDrivenTime time, ILogger logger, int mostWaiting = 4_096) => PricingEngine.Start(new PricingOptions
    {
        Rules = RuleSet.Parse(Rule),
        TimeProvider = time,
        TickInterval = TimeSpan.FromSeconds(60),
        RingCapacityEvents = Capacity,
        MaxWaitingRequests = mostWaiting,
        Logger = logger,
    });

    private static async Task MakeSpike(PricingEngine engine, HandDrivenTime time, HoldingLogger logger)
    {
        await engine.PublishAsync(MarketEvent.Booking("midtown", time.GetUtcNow()));
        for (int i = 0; i < 27 * 2; i++)
        {
            time.Advance(TimeSpan.FromMinutes(30));
            await engine.PublishAsync(new MarketEvent(MarketEventKind.Alert, "barrier", time.GetUtcNow()));
        }

        for (int i = 0; i < 12; i++)
        {
            await engine.PublishAsync(MarketEvent.Booking("midtown", time.GetUtcNow()));
        }

        time.Advance(TimeSpan.FromMinutes(1));
        engine.TryPublish(MarketEvent.Booking("midtown", time.GetUtcNow()));
        logger.WaitUntilHeld();
    }

    private sealed class HoldingLogger : ILogger, IDisposable
    {
        private readonly ManualResetEventSlim _held = new();
        private readonly ManualResetEventSlim _letGo = new();

        public void WaitUntilHeld() => Assert.True(_held.Wait(TimeSpan.FromSeconds(30)));

        public void LetGo() => _letGo.Set();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1_000)
            {
                _held.Set();
                _letGo.Wait(TimeSpan.FromSeconds(60));
            }
        }

        public void Dispose()
        {
            _letGo.Set();
            _held.Dispose();
        }
    }
}
