using System.Globalization;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>The table of regions, the same on screen and in the report.</summary>
internal static class DemoTable
{
    public static IReadOnlyList<string> Columns { get; } =
        ["region", "searches", "bookings", "served", "unserved", "mean", "max", "wait"];

    public static IReadOnlyList<string> Row(CityRegionResult region) =>
    [
        region.Region.Region.Name,
        Whole(region.Searches),
        Whole(region.Bookings),
        Whole(region.Served),
        Whole(region.Unserved),
        Two(region.MeanMultiplier),
        Two(region.MaxMultiplier),
        Two(region.Served == 0 ? 0 : region.WaitMinutes / region.Served),
    ];

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
