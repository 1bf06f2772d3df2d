using PricingCore;
using PricingCore.Events;
using PricingCore.Quotes;

namespace RolloutSample;

/// <summary>Bookings, cars and people who ask for prices, until it is disposed.</summary>
internal sealed class BusyMarket : IDisposable
{
    private const int StepsPerSecond = 100;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;
    private long _quotes;
    private long _failures;

    public BusyMarket(PricingEngine engine, int regions)
    {
        for (int region = 0; region < regions; region++)
        {
            for (int car = 0; car < region % 7; car++)
            {
                engine.TryPublish(MarketEvent.SupplyAvailable($"region-{region}", $"car-{region}-{car}", DateTimeOffset.UtcNow));
            }
        }

        _running = Task.Run(() => RunAsync(engine, regions));
    }

    public long Quotes => Interlocked.Read(ref _quotes);

    public long Failures => Interlocked.Read(ref _failures);

    public void Dispose()
    {
        _closing.Cancel();
        _running.Wait();
        _closing.Dispose();
    }

    private async Task RunAsync(PricingEngine engine, int regions)
    {
        var random = new Random(1);
        using var steps = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / StepsPerSecond));
        while (!_closing.IsCancellationRequested && await steps.WaitForNextTickAsync().ConfigureAwait(false))
        {
            for (int i = 0; i < 20; i++)
            {
                engine.TryPublish(MarketEvent.Booking($"region-{random.Next(regions)}", DateTimeOffset.UtcNow));
                try
                {
                    await engine.QuoteAsync(new QuoteRequest($"region-{random.Next(regions)}", $"product-{random.Next(20)}")).ConfigureAwait(false);
                    Interlocked.Increment(ref _quotes);
                }
                catch (QuoteRefusedException)
                {
                    Interlocked.Increment(ref _failures);
                }
            }
        }
    }
}
