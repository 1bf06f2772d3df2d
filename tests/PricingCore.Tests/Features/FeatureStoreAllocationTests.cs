using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: neither an event nor a row allocates after the start.
/// Method: count the bytes of the test's own thread, which does the loop's work, over many events of every kind and over many rows.
/// </summary>
public sealed class FeatureStoreAllocationTests
{
    [Fact]
    public void PublishAndRead_AfterWarmUp_AllocateNothing()
    {
        var store = new StoreUnderTest(FeatureSchema.Mobility, [new("a") { Neighbours = ["b"], TimeZone = "America/New_York" }, new("b") { Neighbours = ["a"] }], TimeSpan.FromMinutes(30));
        var start = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        MarketEvent[] events =
        [
            MarketEvent.Booking("a", start, "u1"), MarketEvent.Search("b", start, "u2"), MarketEvent.SupplyAvailable("a", "d1", start),
            MarketEvent.SupplyBusy("b", "d1", start), MarketEvent.Weather("*", start, EventValues.Weather(20)), MarketEvent.CityEvent("a", start, 1, TimeSpan.FromHours(1)),
        ];
        float[] row = new float[64];
        int number = 0;
        Run(5_000);
        Assert.Equal(0, AllocatedBytes.Of(() => Run(20_000)));

        void Run(int times)
        {
            for (int i = 0; i < times; i++)
            {
                DateTimeOffset now = start.AddSeconds(number++);
                if (store.Publish(events[i % events.Length] with { OccurredAt = now }, UnixMicros.From(now)) != Rejection.None)
                {
                    Assert.Fail("Refused."); // Not Assert.Equal: that allocates.
                }

                store.Reader.ReadRow(i & 1, row);
                if (i % 10 == 0)
                {
                    store.Tick(UnixMicros.From(now));
                }
            }
        }
    }
}
