using PricingCore.Numerics;
using static PricingCore.Features.BuiltInFeature;

namespace PricingCore.Features;

/// <summary>The formula of each built-in feature, as <see cref="FeatureCatalogue"/> words it.</summary>
internal static class BuiltInFeatures
{
    private const float NegligibleAverage = 0.001f;
    private const float MultiplierSteps = 10_000;

    private static readonly float[] HourSines = Circle(24, ReproducibleMath.Sin);
    private static readonly float[] HourCosines = Circle(24, ReproducibleMath.Cos);
    private static readonly float[] DaySines = Circle(7, ReproducibleMath.Sin);
    private static readonly float[] DayCosines = Circle(7, ReproducibleMath.Cos);

    /// <summary>One feature of a region at a moment; not a number when it is missing.</summary>
    public static float Compute(BuiltInFeature feature, in FeatureMoment m) => feature switch
    {
        BuiltInFeature.HourOfDay => m.HourOfDay,
        BuiltInFeature.MinuteOfHour => m.MinuteOfHour,
        BuiltInFeature.DayOfWeek => m.DayOfWeek,
        HourSin => HourSines[m.HourOfDay],
        HourCos => HourCosines[m.HourOfDay],
        WeekdaySin => DaySines[m.DayOfWeek],
        WeekdayCos => DayCosines[m.DayOfWeek],
        IsWeekend => m.DayOfWeek >= 5 ? 1 : 0,
        BuiltInFeature.IsHoliday => m.IsHoliday ? 1 : 0,
        BookingCount1Min => m.Window(m.Cells.Bookings1),
        BookingCount5Min => m.Window(m.Cells.Bookings5),
        BookingCount15Min => m.Bookings15,
        SearchVolume1Min => m.Window(m.Cells.Searches1),
        SearchVolume5Min => m.Window(m.Cells.Searches5),
        SearchVolume15Min => m.Window(m.Cells.Searches15),
        ViewCount5Min => m.Window(m.Cells.Views5),
        ViewCount15Min => m.Window(m.Cells.Views15),
        CancelCount5Min => m.Window(m.Cells.Cancels5),
        CancelCount15Min => m.Window(m.Cells.Cancels15),
        CancelRate15Min => RatioOrZero(m.Window(m.Cells.Cancels15), m.Bookings15),
        TripStartCount15Min => m.Window(m.Cells.TripStarts15),
        TripEndCount15Min => m.Window(m.Cells.TripEnds15),
        ConversionRate15Min => Ratio(m.Bookings15, m.Window(m.Cells.Searches15)),
        BookingRate15Min => m.Bookings15 / 15,
        SearchRate15Min => m.Window(m.Cells.Searches15) / 15,
        ActiveSessions => m.Window(m.Cells.Sessions),
        TimeSinceLastBooking => m.SecondsSince(m.State.LastBookingAt),
        TimeSinceLastSearch => m.SecondsSince(m.State.LastSearchAt),
        TimeSinceLastEvent => m.SecondsSince(m.State.LastEventAt),
        BookingCountThisHour => m.BookingsThisHour,
        DemandLag1H => m.BookingsAt(1),
        DemandLag2H => m.BookingsAt(2),
        DemandLag24H => m.BookingsAt(24),
        DemandLag168H => m.BookingsAt(168),
        AvailableDrivers => m.Available,
        BusyDrivers => m.Busy,
        TotalDrivers => m.Available + m.Busy,
        UtilizationRatio => RatioOrZero(m.Busy, m.Available + m.Busy),
        SupplyDemandRatio => Ratio(m.Available, m.Bookings15),
        RollingAvgDemand7D => m.MeanPerHour,
        DemandTrend => m.State.AverageSlow < NegligibleAverage ? 0 : (m.State.AverageFast / m.State.AverageSlow) - 1,
        SeasonalityScore => Ratio(m.Usual(0), m.MeanPerHour),
        NextHourLastWeek => m.BookingsAt(167),
        ProfileThisHour => m.Usual(0),
        ProfileNextHour => m.Usual(1),
        ProfileResidual => m.State.IsResidualKnown ? m.Residual : float.NaN,
        BookingAverageFast => m.State.AverageFast,
        BookingAverageSlow => m.State.AverageSlow,
        BuiltInFeature.HoursLearned => m.HoursLearned,
        NeighbourBookings15Min => m.Neighbours.Bookings15Min,
        NeighbourAvailableDrivers => m.Neighbours.AvailableSupply,
        NeighbourSupplyDemandRatio => Ratio(m.Neighbours.AvailableSupply, m.Neighbours.Bookings15Min),
        NeighbourMultiplier => Multiplier(m.Neighbours.MultiplierSteps),
        WeatherTemp => m.Weather.First,
        WeatherRain => m.Weather.Second,
        WeatherWind => m.Weather.Third,
        WeatherVisibility => m.Weather.Fourth,
        BuiltInFeature.WeatherScore => m.WeatherScore,
        WeatherAge => m.SecondsSince(m.WeatherAt),
        TrafficIndex => m.Traffic,
        BuiltInFeature.NearbyEventScore => m.NearbyEventScore,
        EventMinutesLeft => m.EventEnd == 0 ? 0 : (m.EventEnd - m.Now) / (float)UnixMicros.PerMinute,
        LastMultiplier => Multiplier(m.State.LastMultiplierSteps),
        MeanMultiplier => Multiplier(m.State.MeanMultiplierSteps),
        ProfileLastHour => m.Usual(-1),
        ExpectedDemand60Min => SeasonalDemand.Expected(m.ToSignals(), hours: 1),
        DemandCorrection => SeasonalDemand.Correction(m.ToSignals()),
        _ => float.NaN,
    };

    private static float[] Circle(int points, Func<double, double> function) =>
        [.. Enumerable.Range(0, points).Select(i => (float)function(2 * Math.PI * i / points))];

    private static float Ratio(float part, float whole) => whole > 0 ? part / whole : float.NaN;

    private static float RatioOrZero(float part, float whole) => whole > 0 ? part / whole : 0;

    private static float Multiplier(float steps) => steps == 0 ? float.NaN : steps / MultiplierSteps;
}
