using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Explanations;

/// <summary>How old the features of a row were when they were read: it follows from their windows and the time.</summary>
internal sealed class FeatureAges(FeatureSchema schema, long at, long? sincePreviousMicros)
{
    private const int NeighbourMinutes = 2; // They come one to two minutes late.

    /// <summary>The features of a row with their ages.</summary>
    public IReadOnlyList<ExplainedFeature> Explain(ReadOnlySpan<float> row)
    {
        var features = new ExplainedFeature[schema.Count];
        for (int i = 0; i < features.Length; i++)
        {
            FeatureDefinition feature = schema.Features[i];
            features[i] = new ExplainedFeature(feature.Name, feature.Unit, row[i], Of(feature, row));
        }

        return features;
    }

    private TimeSpan? Of(FeatureDefinition feature, ReadOnlySpan<float> row)
    {
        if (feature.Windowed is { } window)
        {
            return window.LagHours > 0 ? SinceClockHour(window.LagHours)
                : window.Window == WindowKind.Tumbling ? SinceWindow(window.WindowMinutes)
                : TimeSpan.Zero;
        }

        if (feature.Ratio is { } ratio)
        {
            TimeSpan? above = Of(schema.Features[schema.IndexOf(ratio.Above)], row);
            TimeSpan? below = Of(schema.Features[schema.IndexOf(ratio.Below)], row);
            return above is null || below is null ? null : above > below ? above : below;
        }

        return OfBuiltIn(feature.BuiltIn, row);
    }

    private TimeSpan? OfBuiltIn(BuiltInFeature feature, ReadOnlySpan<float> row) => feature switch
    {
        BuiltInFeature.BookingCount1Min or BuiltInFeature.SearchVolume1Min or BuiltInFeature.BookingAverageFast
            or BuiltInFeature.BookingAverageSlow or BuiltInFeature.DemandTrend => SinceWindow(1),
        BuiltInFeature.BookingCount5Min or BuiltInFeature.SearchVolume5Min or BuiltInFeature.ViewCount5Min
            or BuiltInFeature.CancelCount5Min => SinceWindow(5),
        BuiltInFeature.DemandLag1H or BuiltInFeature.RollingAvgDemand7D or BuiltInFeature.ProfileResidual
            or BuiltInFeature.HoursLearned or BuiltInFeature.ProfileThisHour or BuiltInFeature.ProfileNextHour
            or BuiltInFeature.ProfileLastHour or BuiltInFeature.SeasonalityScore => SinceClockHour(1),
        BuiltInFeature.DemandLag2H => SinceClockHour(2),
        BuiltInFeature.DemandLag24H => SinceClockHour(24),
        BuiltInFeature.DemandLag168H => SinceClockHour(168),
        BuiltInFeature.NextHourLastWeek => SinceClockHour(167),
        BuiltInFeature.NeighbourBookings15Min or BuiltInFeature.NeighbourAvailableDrivers or BuiltInFeature.NeighbourSupplyDemandRatio
            or BuiltInFeature.NeighbourMultiplier => SinceWindow(1) + TimeSpan.FromMinutes(NeighbourMinutes - 1),
        BuiltInFeature.WeatherTemp or BuiltInFeature.WeatherRain or BuiltInFeature.WeatherWind or BuiltInFeature.WeatherVisibility
            or BuiltInFeature.WeatherScore => WeatherAge(row),
        BuiltInFeature.TrafficIndex => null, // The row does not say when traffic was last heard of.
        BuiltInFeature.LastMultiplier or BuiltInFeature.MeanMultiplier =>
            sincePreviousMicros is { } micros ? TimeSpan.FromMicroseconds(micros) : null,
        _ => TimeSpan.Zero,
    };

    private TimeSpan? WeatherAge(ReadOnlySpan<float> row)
    {
        int index = schema.IndexOf("weather_age");
        return index >= 0 && float.IsFinite(row[index]) ? TimeSpan.FromSeconds(row[index]) : null;
    }

    private TimeSpan SinceWindow(int minutes) => TimeSpan.FromMicroseconds(at % (minutes * UnixMicros.PerMinute));

    /// <summary>Since the end of the clock hour that lies so many hours back.</summary>
    private TimeSpan SinceClockHour(int lagHours) => TimeSpan.FromMicroseconds((at % UnixMicros.PerHour) + ((lagHours - 1) * UnixMicros.PerHour));
}
