using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;

namespace PricingCore.Tests.Simulation;

/// <summary>
/// Goal: whatever a busy day brings, each answer keeps the promises about multipliers and prices.
/// Method: 200,000 seeded events of a day with rushes, moving drivers, rain and a concert go through a replay, and every answer is checked.
/// The seed is in each failure; set the environment variable PRICINGCORE_SEED to play another.
/// </summary>
public sealed class MarketSimulationTests
{
    private static readonly string[] Products = ["standard", "xl", "pool"];

    private static readonly RuleSet Rules = RuleSet.Parse("""
        {"rules":[
          {"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","increment":0.25},
          {"region_id":"*","product_type":"xl","base_price":20.00,"currency":"USD","formula":"centred","min_multiplier":0.8,"max_multiplier":2.2,"smoothing":0.2,"max_step_per_minute":0.1,"hysteresis":0.05,"increment":0.5},
          {"region_id":"*","product_type":"pool","base_price":800,"currency":"JPY","mode":"additive","max_multiplier":4,"emergency_cap":1.5,"increment":10}]}
        """);

    [Fact]
    public async Task EveryAnswer_OfABusyDay_KeepsThePromises()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("PRICINGCORE_SEED"), out int chosen) ? chosen : 20_260_304;
        var random = new Random(seed);
        await using PricingReplay replay = PricingReplay.Start(new PricingOptions { Rules = Rules, Shards = 2, UserEventsPerMinute = 0 });
        var now = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            double rush = 1 + (2 * Math.Exp(-Math.Pow((now.Hour - 17.5) / 2, 2)));
            now += TimeSpan.FromMilliseconds(random.NextDouble() * 860 / rush);
            refused += replay.Publish(Event(random, now), now) == Rejection.None ? 0 : 1;
            if (i % 50 == 0)
            {
                var request = new QuoteRequest(Region(random), Products[random.Next(3)]) { BaseMinorUnits = random.Next(3) == 0 ? random.Next(5_000) : null };
                Check(await replay.AskAsync(request, now), seed);
            }
        }

        await replay.DrainAsync();
        Assert.Equal(0, refused);
        Assert.Equal(200_000, replay.Statistics.Applied);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {replay.Statistics}");
    }

    private static void Check(in ReplayAnswer answer, int seed)
    {
        string what = $"seed {seed}: {answer.Quote}";
        Quote quote = answer.Quote;
        PricingRule rule = quote.Decision.Rule;
        int steps = quote.Multiplier.Steps;
        int cap = Math.Min(rule.MaxMultiplier.Steps, rule.EmergencyCap?.Steps ?? int.MaxValue);
        Assert.True(steps <= cap && steps >= Math.Min(rule.MinMultiplier.Steps, cap), what);
        Assert.True(steps == 10_000 + quote.Decision.Outcome.Factors.Sum + quote.Decision.Outcome.Limits.Sum, what);
        Assert.True(quote.Price.MinorUnits == quote.Breakdown.Sum(line => line.MinorUnits), what);
        Assert.True(quote.Decision.Forecast.IsValid, what);

        long basePrice = quote.BasePrice.MinorUnits;
        long atCap = rule.Mode == PricingMode.Additive ? (basePrice * 10_000) + (rule.BasePrice.MinorUnits * (cap - 10_000L)) : basePrice * cap;
        Assert.True(quote.Price.MinorUnits * 10_000 <= atCap, what);
        Assert.True(quote.Price.MinorUnits >= 0, what);
    }

    private static string Region(Random random) => "zone" + (int)(Math.Pow(random.NextDouble(), 2) * 40);

    private static MarketEvent Event(Random random, DateTimeOffset now)
    {
        string region = Region(random);
        DateTimeOffset at = now - TimeSpan.FromSeconds(random.Next(5) == 0 ? random.Next(800) : random.NextDouble());
        return random.Next(1_000) switch
        {
            < 350 => MarketEvent.Search(region, at, "user" + random.Next(5_000)),
            < 550 => MarketEvent.Booking(region, at, "user" + random.Next(5_000)),
            < 600 => MarketEvent.Cancel(region, at),
            < 995 => new MarketEvent((MarketEventKind)random.Next(16, 20), region, at) { UnitId = "driver" + random.Next(600) },
            < 998 => MarketEvent.Weather("*", at, EventValues.Weather(15, random.Next(12), random.Next(25), random.Next(1, 20))),
            _ => MarketEvent.CityEvent(region, at, (float)random.NextDouble(), TimeSpan.FromHours(2)),
        };
    }
}
