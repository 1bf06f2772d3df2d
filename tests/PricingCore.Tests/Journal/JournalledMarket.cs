using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Journal;

/// <summary>A small market on a clock moved by hand, whose engines keep their journal in one folder, which goes away with the test.</summary>
internal sealed class JournalledMarket : IDisposable
{
    public const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","hysteresis":0.01}]}""";

    public HandDrivenTime Time { get; } = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));

    public string Folder { get; } = Directory.CreateTempSubdirectory("pricingcore-journal-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public PricingEngine Start(Durability durability, int shards) => PricingEngine.Start(Options(durability, shards));

    public PricingOptions Options(Durability durability, int shards) => new()
    {
        Rules = RuleSet.Parse(Rule),
        TimeProvider = Time,
        Shards = shards,
        MaxRegions = 100,
        Journal = new JournalOptions { Directory = Folder, Durability = durability },
    };

    /// <summary>A few minutes of a small market: bookings, drivers, weather, a key, an alert, other rules, quotes.</summary>
    public async Task LiveAsync(PricingEngine engine, int minutes)
    {
        for (int second = 0; second < minutes * 60; second++)
        {
            DateTimeOffset now = Time.GetUtcNow();
            string region = "region-" + (second % 5);
            engine.TryPublish(MarketEvent.Search(region, now, "user-" + (second % 17)));
            engine.TryPublish(MarketEvent.SupplyAvailable(region, "driver-" + (second % 7), now));
            await engine.PublishAsync(MarketEvent.Booking(region, now, "user-" + (second % 11)));
            if (second % 20 == 0)
            {
                await engine.PublishAsync(MarketEvent.Booking("region-1", now, "user") with { IdempotencyKey = "once" });
                engine.TryPublish(MarketEvent.Weather("*", now, EventValues.Weather(10, 2)));
            }

            if (second % 7 == 0)
            {
                await engine.QuoteAsync(new QuoteRequest(region));
                await engine.QuoteAsync(new QuoteRequest("region-1", "xl"));
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>A forecast is answered by the region's own loop, after all that came before, and changes nothing.</summary>
    public static async Task Barrier(PricingEngine engine) => await engine.ForecastAsync("region-1", 15);

    /// <summary>Copies what an engine has written until now, as it would be found if the engine ended here.</summary>
    public void CopyTo(string target)
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            string to = Path.Combine(target, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            using FileStream from = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using FileStream into = new(to, FileMode.Create);
            from.CopyTo(into);
        }
    }
}
