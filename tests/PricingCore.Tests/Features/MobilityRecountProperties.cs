using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: every counted feature of the mobility schema is what its definition says, for any stream within the lateness; and reading
/// in between changes nothing.
/// Method: random markets of hours to weeks, late and out of order, compared again and again with a naive recount from the list
/// of events; a second store that is read only at the end must give the same bits.
/// </summary>
public sealed class MobilityRecountProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(Cases.Of(1_000));
    private static readonly TimeSpan UnitTimeout = TimeSpan.FromMinutes(30);

    private static readonly Region[] Regions =
        [new("utc"), new("new york") { TimeZone = "America/New_York" }, new("kolkata") { TimeZone = "Asia/Kolkata" }];

    private static readonly string[] Ids = [.. Regions.Select(region => region.Id)];

    private static readonly MarketEventKind[] Kinds =
    [
        MarketEventKind.Booking, MarketEventKind.Booking, MarketEventKind.Booking, MarketEventKind.Search, MarketEventKind.Search, MarketEventKind.View,
        MarketEventKind.Cancel, MarketEventKind.TripStarted, MarketEventKind.TripEnded, MarketEventKind.Alert, MarketEventKind.SupplyAvailable,
        MarketEventKind.SupplyBusy, MarketEventKind.SupplyMoved, MarketEventKind.SupplyOffline,
    ];

    [Fact]
    public void Features_OfAnyStream_EqualTheRecount() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, Play));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Features_OverThreeWeeksOfSteadyDemand_EqualTheRecount(int seed)
    {
        var random = new Random(seed);
        var store = new StoreUnderTest(FeatureSchema.Mobility, Regions, UnitTimeout);
        var recount = new MobilityRecount(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        long now = UnixMicros.From(new DateTimeOffset(2026, 2, 20, 7, 30, 0, TimeSpan.Zero));
        for (int i = 0; i < 4_000; i++)
        {
            now += random.NextInt64(15 * UnixMicros.PerMinute);
            MarketEvent e = MarketEvent.Booking("new york", UnixMicros.ToTime(now - random.NextInt64(15 * UnixMicros.PerMinute)));
            Assert.Equal(Rejection.None, store.Publish(e, now));
            recount.Add(e, now);
            if (i % 50 == 0)
            {
                AssertEqual(recount.At(now), store.Read("new york"), seed);
            }
        }
    }

    private static void Play(int seed)
    {
        var store = new StoreUnderTest(FeatureSchema.Mobility, Regions, UnitTimeout);
        var unread = new StoreUnderTest(FeatureSchema.Mobility, Regions, UnitTimeout);
        MobilityRecount[] recounts = [.. Regions.Select(region => new MobilityRecount(TimeZoneInfo.FindSystemTimeZoneById(region.TimeZone)))];
        var supply = new SupplyRecount(UnixMicros.From(UnitTimeout));
        var random = new Random(seed);
        var known = new HashSet<string>();
        long now = 0;

        foreach (StreamStep step in RandomStream.Of(seed, 150, Ids, Kinds, _ => float.NaN))
        {
            now = step.Now;
            if (step.Event is { } e)
            {
                Assert.Equal(Rejection.None, store.Publish(e, now));
                Assert.Equal(Rejection.None, unread.Publish(e, now));
                recounts[Array.IndexOf(Ids, e.RegionId)].Add(e, now);
                supply.Add(e, now);
                known.Add(e.RegionId);
            }
            else
            {
                store.Tick(now);
                unread.Tick(now);
                supply.Tick(now);
            }

            if (random.Next(4) == 0)
            {
                string region = Ids[random.Next(Ids.Length)];
                if (known.Contains(region)) // A region is known from the first event or read on, so a first read is an input.
                {
                    Compare(region);
                }
            }
        }

        foreach (string region in known)
        {
            Compare(region);
            Assert.Equal(store.Read(region).Select(BitConverter.SingleToUInt32Bits), unread.Read(region).Select(BitConverter.SingleToUInt32Bits));
        }

        void Compare(string region)
        {
            Dictionary<string, double> expected = recounts[Array.IndexOf(Ids, region)].At(now);
            (double free, double busy) = supply.Of(region);
            expected["available_drivers"] = free;
            expected["busy_drivers"] = busy;
            expected["total_drivers"] = free + busy;
            expected["utilization_ratio"] = free + busy == 0 ? 0 : busy / (free + busy);
            expected["supply_demand_ratio"] = expected["booking_count_15min"] == 0 ? double.NaN : free / expected["booking_count_15min"];
            AssertEqual(expected, store.Read(region), seed);
        }
    }

    private static void AssertEqual(Dictionary<string, double> expected, float[] row, int seed)
    {
        foreach ((string name, double value) in expected)
        {
            float actual = row[FeatureSchema.Mobility.IndexOf(name)];
            bool isEqual = double.IsNaN(value) ? float.IsNaN(actual) : Math.Abs(value - actual) <= 2e-5 * (1 + Math.Abs(value));
            Assert.True(isEqual, $"seed {seed}: {name} is {actual}, but the recount gives {value}");
        }
    }
}
