namespace PricingCore.Testing.Cities;

/// <summary>How the searches of a usual week are spread over its hours, by kind of region.</summary>
/// <remarks>Unit: 1 is the mean hour of a weekday. Between the full hours the curve is straight, so that no cosine is needed.</remarks>
internal static class DemandCurve
{
    private static readonly double[] SuburbWeekday = Normalize([1, 0.6, 0.4, 0.4, 0.8, 1.8, 4.5, 8, 7.5, 4.5, 3.2, 3, 3, 3, 3.2, 3.6, 4.2, 5, 4.8, 4, 3.4, 2.8, 2.2, 1.6]);
    private static readonly double[] SuburbWeekend = Scaled(SuburbWeekday, [2.2, 1.8, 1.2, 0.8, 0.5, 0.7, 1.2, 1.8, 2.6, 3.6, 4.4, 4.8, 4.8, 4.4, 4.2, 4.4, 4.8, 5.4, 6, 6, 5.2, 4.4, 3.6, 2.8]);
    private static readonly double[] DowntownWeekday = Normalize([1.6, 0.9, 0.6, 0.5, 0.6, 1.2, 2.6, 4.6, 5, 3.8, 3.4, 3.8, 4.4, 4.2, 3.8, 4.2, 5.8, 8.2, 8.6, 6.4, 4.8, 4.4, 3.8, 2.8]);
    private static readonly double[] DowntownWeekend = Scaled(DowntownWeekday, [6.5, 5.6, 4.6, 2.8, 1.2, 0.8, 0.9, 1.2, 1.8, 2.6, 3.4, 4, 4.4, 4.4, 4.2, 4.2, 4.4, 4.8, 5.4, 5.8, 6, 6.4, 7, 7.2]);
    private static readonly double[] AirportAnyDay = Normalize([1.2, 0.6, 0.5, 0.9, 2.4, 4.6, 5.4, 5, 4.4, 4, 3.8, 3.8, 4, 4.2, 4.4, 4.8, 5.2, 5.4, 5.4, 5, 4.6, 4.2, 3.4, 2.2]);

    /// <summary>The most that the curve of any kind reaches.</summary>
    public static double Peak { get; } = new[] { SuburbWeekday, SuburbWeekend, DowntownWeekday, DowntownWeekend, AirportAnyDay }.Max(curve => curve.Max());

    /// <summary>The demand of a kind at a local time, 1 in the mean.</summary>
    public static double At(CityRegionKind kind, DateTime local)
    {
        double hour = local.TimeOfDay.TotalHours;
        int from = (int)hour;
        double share = hour - from;
        double[] today = CurveOf(kind, local.DayOfWeek);
        double next = from < 23 ? today[from + 1] : CurveOf(kind, (DayOfWeek)(((int)local.DayOfWeek + 1) % 7))[0];
        return today[from] + ((next - today[from]) * share);
    }

    private static double[] CurveOf(CityRegionKind kind, DayOfWeek day)
    {
        bool weekend = day is DayOfWeek.Saturday or DayOfWeek.Sunday;
        return kind switch
        {
            CityRegionKind.Airport => AirportAnyDay,
            CityRegionKind.Downtown => weekend ? DowntownWeekend : DowntownWeekday,
            _ => weekend ? SuburbWeekend : SuburbWeekday,
        };
    }

    private static double[] Normalize(double[] hours) => [.. hours.Select(hour => hour * hours.Length / hours.Sum())];

    /// <summary>A weekend with nine tenths of the trips of a weekday.</summary>
    private static double[] Scaled(double[] weekday, double[] weekend) => [.. Normalize(weekend).Select(hour => hour * 0.9 * weekday.Average())];
}
