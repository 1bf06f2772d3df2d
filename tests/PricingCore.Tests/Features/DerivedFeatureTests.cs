using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: ratios, and the features outside mobility, say what their definitions say.
/// Method: hours of bookings of a known number, read at a full hour and in the middle of one, against the formula and the baseline.
/// </summary>
public sealed class DerivedFeatureTests
{
    private const long FirstHour = 400_000;

    private static readonly FeatureSchema Schema = FeatureSchema.Parse("""
        {"name":"derived","features":["demand_lag_1h","demand_lag_2h","demand_lag_24h","profile_this_hour","profile_last_hour","expected_demand_60min","demand_correction",
          {"name":"plain","ratio":["demand_lag_1h","demand_lag_2h"]},
          {"name":"pulled","ratio":["demand_lag_1h","demand_lag_2h"],"prior":10},
          {"name":"of_missing","ratio":["demand_lag_1h","demand_lag_24h"]},
          {"name":"of_ratio","ratio":["pulled","plain"]}]}
        """);

    [Fact]
    public void Ratio_RelatesTheTwo_AndIsMissingWhenOneIs()
    {
        StoreUnderTest store = Filled(5, 7);

        Assert.Equal(7f / 5, Value(store, "plain"));
        Assert.Equal(17f / 15, Value(store, "pulled"));
        Assert.Equal(17f / 15 / (7f / 5), Value(store, "of_ratio"));
        Assert.True(float.IsNaN(Value(store, "of_missing")));
    }

    [Fact]
    public void Ratio_WhenTheLowerPartIsZero_IsMissing()
    {
        StoreUnderTest store = Filled(1, 0, 7);

        Assert.True(float.IsNaN(Value(store, "plain")));
        Assert.Equal(17f / 10, Value(store, "pulled"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void ExpectedDemand_IsWhatTheBaselineExpects(int minutesIntoTheHour)
    {
        StoreUnderTest store = Filled([.. Enumerable.Range(0, 200).Select(hour => 3 + (hour * 7 % 11))]);
        store.Tick(store.Store.Now + (minutesIntoTheHour * UnixMicros.PerMinute));
        RegionSignals signals = store.Reader.ReadSignals(store.Regions.Find("r"));

        float expected = Value(store, "expected_demand_60min");

        Assert.Equal(SeasonalNaiveForecaster.Predict(signals, 60).ExpectedDemand, expected);
        Assert.InRange(expected, 1, 20);
        Assert.Equal(signals.UsualLastHour, Value(store, "profile_last_hour"));
        float sinceLastHour = signals.BookingsLastHour + signals.BookingsThisHour + 4;
        Assert.Equal(
            sinceLastHour / (signals.UsualLastHour + (signals.UsualThisHour * signals.HourPassed) + 4), Value(store, "demand_correction"), tolerance: 1e-5f);
    }

    [Fact]
    public void Hash_ChangesWithTheRatio()
    {
        string[] hashes = [.. new[] { "[\"hour_of_day\",\"day_of_week\"]", "[\"day_of_week\",\"hour_of_day\"]" }
            .SelectMany(ratio => new[] { "1", "1.5" }.Select(prior => FeatureSchema.Parse(
                $$"""{"name":"x","features":["hour_of_day","day_of_week",{"name":"a","ratio":{{ratio}},"prior":{{prior}}}]}""").Hash))];

        Assert.Equal(4, hashes.Distinct().Count());
    }

    private static float Value(StoreUnderTest store, string feature) => store.Read("r")[Schema.IndexOf(feature)];

    /// <summary>A region with so many bookings in each of the hours, now at the full hour after them.</summary>
    private static StoreUnderTest Filled(params int[] bookings)
    {
        var store = new StoreUnderTest(Schema, [new Region("r")], TimeSpan.FromMinutes(30));
        for (int hour = 0; hour < bookings.Length; hour++)
        {
            long begin = (FirstHour + hour) * UnixMicros.PerHour;
            store.Tick(begin);
            for (int i = 0; i < bookings[hour]; i++)
            {
                long at = begin + ((i + 1) * UnixMicros.PerMinute);
                Assert.Equal(Rejection.None, store.Publish(MarketEvent.Booking("r", UnixMicros.ToTime(at)), at));
            }
        }

        store.Tick((FirstHour + bookings.Length) * UnixMicros.PerHour);
        return store;
    }
}
