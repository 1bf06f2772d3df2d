using System.Globalization;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Regions;
using PricingCore.Rules;

namespace PricingCore.Bench.Workload;

/// <summary>
/// A city's events, the same ones for every engine: 100,000 users who stay in their region 97 times out of 100 and else
/// act next door, 20,000 units that do likewise, and this mix of kinds, in percent: search 38, view 16, booking 8, cancel 1, trip
/// started 6, trip ended 6, unit free 9, unit busy 7, unit moved 8, unit offline 0.5, weather 0.5. Regions are equally busy, which is the
/// hard case for a cache. Events happen 20 ms before they come in.
/// </summary>
internal sealed class MarketStream
{
    public const long StartMicros = 1_770_000_000_000_000; // Within an hour, a minute and a second of no importance.
    public const int Users = 100_000;
    public const int Units = 20_000;

    /// <summary>Events before the first comes again.</summary>
    public const int Distinct = 1 << 18;

    private const long DelayMicros = 20_000;

    private static readonly (MarketEventKind Kind, int Tenths)[] Mix =
    [
        (MarketEventKind.Search, 380),
        (MarketEventKind.View, 160),
        (MarketEventKind.Booking, 80),
        (MarketEventKind.Cancel, 10),
        (MarketEventKind.TripStarted, 60),
        (MarketEventKind.TripEnded, 60),
        (MarketEventKind.SupplyAvailable, 90),
        (MarketEventKind.SupplyBusy, 70),
        (MarketEventKind.SupplyMoved, 80),
        (MarketEventKind.SupplyOffline, 5),
        (MarketEventKind.Weather, 5),
    ];

    private readonly MarketEvent[] _templates = new MarketEvent[Distinct];

    public MarketStream(int regions)
    {
        Regions = [.. Enumerable.Range(0, regions).Select(i => new Region(NameOf(i))
        {
            Neighbours = [NameOf((i + 1) % regions), NameOf((i + regions - 1) % regions)],
        })];
        string[] users = [.. Enumerable.Range(0, Users).Select(i => "user-" + i.ToString("D8", CultureInfo.InvariantCulture))];
        string[] units = [.. Enumerable.Range(0, Units).Select(i => "unit-" + i.ToString("D8", CultureInfo.InvariantCulture))];

        var random = new Random(17); // Always the same stream.
        for (int i = 0; i < Distinct; i++)
        {
            MarketEventKind kind = Draw(random.Next(1_000));
            bool isSupply = EventGate.IsSupply(kind);
            int actor = random.Next(isSupply ? Units : Users);
            int region = (actor + (random.Next(100) < 97 ? 0 : 1)) % regions;
            _templates[i] = new MarketEvent(kind, Regions[region].Id, default)
            {
                UserId = isSupply || kind == MarketEventKind.Weather ? null : users[actor],
                UnitId = isSupply ? units[actor] : null,
                Values = kind == MarketEventKind.Weather ? EventValues.Weather(18, random.Next(5), 4, 20) : EventValues.None,
            };
        }
    }

    /// <summary>One rule for all: the reference formula on a base price of 12 dollars.</summary>
    public static RuleSet Rules { get; } =
        RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""");

    public IReadOnlyList<Region> Regions { get; }

    /// <summary>The neighbours of each region, as the naive engine takes them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Neighbours =>
        Regions.ToDictionary(region => region.Id, region => region.Neighbours, StringComparer.Ordinal);

    /// <summary>The event with a number, as it comes in at a time.</summary>
    public MarketEvent At(long number, long receivedAt) =>
        _templates[(int)(number & (Distinct - 1))] with { OccurredAt = UnixMicros.ToTime(receivedAt - DelayMicros) };

    private static string NameOf(int region) => "zone-" + region.ToString("D5", CultureInfo.InvariantCulture);

    private static MarketEventKind Draw(int tenths)
    {
        foreach ((MarketEventKind kind, int share) in Mix)
        {
            tenths -= share;
            if (tenths < 0)
            {
                return kind;
            }
        }

        return MarketEventKind.Search;
    }
}
