using PricingCore;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;

namespace RideHailing;

/// <summary>Riders and drivers of an invented city: most bookings come from where the crowd is, and the crowd walks.</summary>
internal sealed class CityTraffic(PricingEngine engine) : BackgroundService
{
    private const int Drivers = 60;
    private const double CrowdWidth = 1.2;
    private const double MostAcceptable = 5; // One in five walks at 1.00x, one in two at 2.50x.

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Random _random = new(Seed: 7);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (int driver = 0; driver < Drivers; driver++)
        {
            engine.TryPublish(MarketEvent.SupplyAvailable(AnyZone(), $"driver-{driver}", DateTimeOffset.UtcNow));
        }

        using var timer = new PeriodicTimer(Step);
        for (int step = 0; await timer.WaitForNextTickAsync(stoppingToken); step++)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            double angle = step / 300.0 * Math.Tau; // Round the city in half a minute.
            string zone = ZoneNear(2.5 + (2 * Math.Sin(angle)), 3.5 + (3 * Math.Cos(angle)));
            engine.TryPublish(MarketEvent.Search(zone, now));
            Quote quote = await engine.QuoteAsync(new QuoteRequest(zone), stoppingToken);
            if (_random.NextDouble() * MostAcceptable > (double)quote.Multiplier.Steps / SurgeMultiplier.StepsPerOne)
            {
                engine.TryPublish(MarketEvent.Booking(zone, now)); // The dearer, the fewer.
            }

            engine.TryPublish(new MarketEvent(MarketEventKind.SupplyMoved, AnyZone(), now) { UnitId = $"driver-{_random.Next(Drivers)}" });
        }
    }

    private string AnyZone() => CityMap.ZoneAt(_random.Next(CityMap.Rows), _random.Next(CityMap.Columns));

    private string ZoneNear(double row, double column) => CityMap.ZoneAt(
        (int)Math.Clamp(Math.Round(row + Spread()), 0, CityMap.Rows - 1),
        (int)Math.Clamp(Math.Round(column + Spread()), 0, CityMap.Columns - 1));

    private double Spread() => (_random.NextDouble() + _random.NextDouble() - 1) * CrowdWidth;
}
