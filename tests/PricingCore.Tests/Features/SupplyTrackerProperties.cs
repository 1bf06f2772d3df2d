using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: units are counted where their last event says, through moves, late events, silence and a table that is full.
/// Method: random supply events in one region's neighbourhood against a dictionary, with room for few units.
/// </summary>
public sealed class SupplyTrackerProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(Cases.Of(2_000));
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public void Counts_ForAnyEvents_EqualADictionary() =>
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            int capacity = random.Next(1, 8);
            var store = new StoreUnderTest(FeatureSchema.Mobility, [], Timeout, capacity);
            var recount = new SupplyRecount(UnixMicros.From(Timeout));
            long now = UnixMicros.From(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
            for (int i = 0; i < 120; i++)
            {
                now += 1 + random.NextInt64(random.Next(5) == 0 ? UnixMicros.PerMinute : UnixMicros.PerSecond);
                if (random.Next(6) == 0)
                {
                    store.Tick(now);
                    recount.Tick(now);
                }
                else
                {
                    var e = new MarketEvent((MarketEventKind)random.Next(16, 20), "r" + random.Next(3), UnixMicros.ToTime(now - random.NextInt64(20 * UnixMicros.PerSecond)))
                    {
                        UnitId = "unit" + random.Next(9),
                    };
                    Assert.Equal(Rejection.None, store.Publish(e, now));
                    recount.MakeRoom(e.UnitId, capacity);
                    recount.Add(e, now);
                }

                for (int r = 0; r < 3; r++)
                {
                    float[] row = store.Read("r" + r);
                    (int free, int busy) = recount.Of("r" + r);
                    Assert.Equal((free, busy), ((int)Feature(row, "available_drivers"), (int)Feature(row, "busy_drivers")));
                }
            }
        }));

    [Fact]
    public void SupplyAvailable_WithoutAUnit_SetsTheStock()
    {
        var store = new StoreUnderTest(FeatureSchema.Mobility, [], Timeout);
        var noon = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        long now = UnixMicros.From(noon);
        store.Publish(new MarketEvent(MarketEventKind.SupplyAvailable, "a", noon) { Values = EventValues.Of(40) }, now);
        store.Publish(new MarketEvent(MarketEventKind.SupplyBusy, "a", noon) { Values = EventValues.Of(10) }, now);
        store.Publish(MarketEvent.SupplyAvailable("a", "unit", noon), now);
        Assert.Equal(41, Feature(store.Read("a"), "available_drivers"));
        Assert.Equal(10, Feature(store.Read("a"), "busy_drivers"));

        store.Publish(new MarketEvent(MarketEventKind.SupplyAvailable, "a", noon) { Values = EventValues.Of(5) }, now);
        Assert.Equal(6, Feature(store.Read("a"), "available_drivers"));
    }

    [Fact]
    public void SupplyAvailable_OfAnOlderStockThatComesLate_DoesNotUndoTheNewer()
    {
        var store = new StoreUnderTest(FeatureSchema.Mobility, [], Timeout);
        var noon = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        long now = UnixMicros.From(noon);
        store.Publish(new MarketEvent(MarketEventKind.SupplyAvailable, "a", noon) { Values = EventValues.Of(40) }, now);
        store.Publish(new MarketEvent(MarketEventKind.SupplyAvailable, "a", noon.AddMinutes(-1)) { Values = EventValues.Of(7) }, now);
        Assert.Equal(40, Feature(store.Read("a"), "available_drivers"));
    }

    private static float Feature(float[] row, string name) => row[FeatureSchema.Mobility.IndexOf(name)];
}
