using System.Globalization;
using System.Text;
using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Tokens;

namespace PricingCore.CrashedEngine;

/// <summary>The engine's options, and what each numbered event and request is: the same number gives the same in every life of the engine.</summary>
internal static class Market
{
    private const int Regions = 8;
    private const string Rules = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","hysteresis":0.01}]}""";

    /// <summary>Small, so that a start takes little; short times and small segments, so that a short life decides, rolls and takes snapshots.</summary>
    public static PricingOptions OptionsIn(string directory, Durability durability) => new()
    {
        Rules = RuleSet.Parse(Rules),
        MaxRegions = 16,
        MaxProducts = 4,
        MaxUnits = 4_096,
        MaxSessions = 4_096,
        UserEventsPerMinute = 0,
        Shards = 2,
        RingCapacityEvents = 4_096,
        TickInterval = TimeSpan.FromMilliseconds(100),
        DecisionValidity = TimeSpan.FromSeconds(1),
        DirtyAfterEvents = 4,
        QuoteValidity = TimeSpan.FromMinutes(5),
        Journal = new JournalOptions
        {
            Directory = Path.Combine(directory, "journal"),
            Durability = durability,
            SegmentBytes = 1_048_576,
            SnapshotEveryEvents = 1_000,
        },
        Audit = new AuditOptions { Directory = Path.Combine(directory, "audit"), Level = AuditLevel.Quote, SegmentBytes = 262_144, RingCapacity = 16_384 },
        Signing = new SigningOptions { Keys = new QuoteKeys(new QuoteKey("crash-test", Encoding.ASCII.GetBytes("not a secret: every life of the engine has the same key"))) },
    };

    /// <summary>The event of a number.</summary>
    /// <param name="key">Round, publisher and count, with dashes between: its idempotency key.</param>
    public static MarketEvent EventOf(string key)
    {
        int count = CountOf(key);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string region = "region-" + (count % Regions);
        MarketEvent what = (count % 7) switch
        {
            0 or 1 => MarketEvent.Booking(region, now, "user-" + (count % 50)),
            2 or 3 => MarketEvent.Search(region, now, "user-" + (count % 70)),
            4 => MarketEvent.SupplyAvailable(region, "driver-" + (count % 30), now),
            5 => MarketEvent.SupplyBusy(region, "driver-" + (count % 30), now),
            _ => MarketEvent.Weather(region, now, EventValues.Weather(10, count % 5)),
        };
        return what with { IdempotencyKey = key };
    }

    /// <summary>What is priced after the event of a number.</summary>
    public static QuoteRequest RequestOf(string key)
    {
        int count = CountOf(key);
        return new QuoteRequest("region-" + (count % Regions), count % 2 == 0 ? "standard" : "xl") { RequestId = key };
    }

    private static int CountOf(string key) => int.Parse(key.AsSpan(key.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
}
