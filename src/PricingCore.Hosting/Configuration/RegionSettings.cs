using System.Globalization;
using Microsoft.Extensions.Configuration;
using PricingCore.Regions;

namespace PricingCore.Hosting.Configuration;

/// <summary>Reads regions from a configuration: <c>Regions:0:Id</c> and so on.</summary>
internal static class RegionSettings
{
    /// <summary>The key of the list.</summary>
    public const string Key = nameof(PricingOptions.Regions);

    /// <summary>Reads the list.</summary>
    /// <param name="list">The section of the list.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static IReadOnlyList<Region> Read(IConfigurationSection list, List<string> problems)
    {
        var regions = new List<Region>();
        foreach (IConfigurationSection entry in list.GetChildren())
        {
            var region = new Region(entry[nameof(Region.Id)] ?? entry.Value ?? "");
            foreach (IConfigurationSection field in entry.GetChildren())
            {
                region = With(region, field, problems);
            }

            regions.Add(region);
        }

        return regions;
    }

    private static Region With(Region region, IConfigurationSection field, List<string> problems)
    {
        string text = field.Value ?? "";
        switch (field.Key.ToUpperInvariant())
        {
            case "ID":
                return region;
            case "NAME":
                return region with { Name = text };
            case "TIMEZONE":
                return region with { TimeZone = text };
            case "NEIGHBOURS":
                return region with { Neighbours = [.. field.GetChildren().Select(neighbour => neighbour.Value ?? "")] };
            case "LATITUDE" when TryDegrees(text, 90, out double latitude):
                return region with { Latitude = latitude };
            case "LONGITUDE" when TryDegrees(text, 180, out double longitude):
                return region with { Longitude = longitude };
            case "LATITUDE" or "LONGITUDE":
                problems.Add($"{field.Path} is '{text}'; write degrees, from -90 to 90 for a latitude and from -180 to 180 for a longitude.");
                return region;
            default:
                problems.Add($"{field.Path} is not known; a region has Id, Name, TimeZone, Latitude, Longitude and Neighbours.");
                return region;
        }
    }

    private static bool TryDegrees(string text, double most, out double degrees) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && Math.Abs(degrees) <= most;
}
