using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: weather, traffic, holidays and city events hold for as long as they say, for a region or for all, whatever order they come in.
/// Method: worked streams through the store, and rows read as time goes on.
/// </summary>
public sealed class ExternalStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly StoreUnderTest _store = new(FeatureSchema.Mobility, [], TimeSpan.FromMinutes(30));

    [Fact]
    public void Weather_MergesWhatIsNotGiven_AndEndsAfterThreeHours()
    {
        Publish(MarketEvent.Weather("a", Noon, EventValues.Weather(temperatureC: 21, rainMmPerHour: 2)));
        Publish(MarketEvent.Weather("a", Noon.AddMinutes(1), EventValues.Weather(rainMmPerHour: 5)), Noon.AddMinutes(1));
        Publish(MarketEvent.Weather("a", Noon.AddMinutes(-1), EventValues.Weather(temperatureC: -40)), Noon.AddMinutes(2));
        Assert.Equal((21, 5), (At(2, "weather_temp"), At(2, "weather_rain")));
        Assert.True(float.IsNaN(At(2, "weather_wind")));
        Assert.Equal(0.5f, At(2, "weather_score"));
        Assert.Equal(60, At(2, "weather_age"));
        Assert.Equal(5, At(181, "weather_rain"));
        Assert.True(float.IsNaN(At(182, "weather_rain")));
        Assert.Equal(0, At(182, "weather_score"));
    }

    [Fact]
    public void Weather_OfAllRegions_HoldsWhereNothingNewerIsKnown()
    {
        Publish(MarketEvent.Weather("a", Noon, EventValues.Weather(temperatureC: 1)));
        Publish(MarketEvent.Weather("*", Noon.AddMinutes(1), EventValues.Weather(temperatureC: 2)), Noon.AddMinutes(1));
        Publish(MarketEvent.Weather("b", Noon.AddMinutes(2), EventValues.Weather(temperatureC: 3)), Noon.AddMinutes(2));
        Assert.Equal((2, 3, 2), (At(2, "weather_temp", "a"), At(2, "weather_temp", "b"), At(2, "weather_temp", "new")));
    }

    [Fact]
    public void TrafficAndHoliday_FollowTheLatest()
    {
        Publish(new MarketEvent(MarketEventKind.Traffic, "a", Noon) { Values = EventValues.Of(0.7f) });
        Publish(new MarketEvent(MarketEventKind.Holiday, "*", Noon) { Values = EventValues.Of(1) });
        Assert.Equal((0.7f, 1), (At(60, "traffic_index"), At(60, "is_holiday")));
        Assert.True(float.IsNaN(At(61, "traffic_index")));
        Publish(new MarketEvent(MarketEventKind.Holiday, "a", Noon.AddMinutes(61)) { Values = EventValues.Of(0) }, Noon.AddMinutes(61));
        Assert.Equal((0, 1), (At(61, "is_holiday", "a"), At(61, "is_holiday", "b")));
    }

    [Fact]
    public void CityEvents_CountWhileTheyAreOn_FourAtATime()
    {
        Publish(MarketEvent.CityEvent("a", Noon, 0.4f, TimeSpan.FromMinutes(60)));
        Publish(MarketEvent.CityEvent("*", Noon, 0.9f, TimeSpan.FromMinutes(10)));
        Assert.Equal((0.9f, 60), (At(0, "nearby_event_score"), At(0, "event_minutes_left")));
        Assert.Equal((0.4f, 50), (At(10, "nearby_event_score"), At(10, "event_minutes_left")));
        Assert.Equal((0, 0), (At(60, "nearby_event_score"), At(60, "event_minutes_left")));

        for (int i = 1; i <= 5; i++)
        {
            Publish(MarketEvent.CityEvent("b", Noon.AddMinutes(60), i / 10f, TimeSpan.FromMinutes(10 * i)), Noon.AddMinutes(60));
        }

        Assert.Equal((0.5f, 50), (At(60, "nearby_event_score", "b"), At(60, "event_minutes_left", "b")));
    }

    private void Publish(in MarketEvent e, DateTimeOffset? at = null) => Assert.Equal(Rejection.None, _store.Publish(e, UnixMicros.From(at ?? Noon)));

    private float At(int minutes, string feature, string region = "a")
    {
        _store.Tick(UnixMicros.From(Noon.AddMinutes(minutes)));
        return _store.Read(region)[FeatureSchema.Mobility.IndexOf(feature)];
    }
}
