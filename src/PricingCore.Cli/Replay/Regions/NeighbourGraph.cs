using PricingCore.Regions;

namespace PricingCore.Cli.Replay.Regions;

/// <summary>Makes the nearest regions neighbours of each other.</summary>
internal static class NeighbourGraph
{
    private const double EarthRadiusKm = 6_371.0088;
    private const int MaxNeighbours = 16;

    /// <summary>Connects each region to its nearest ones within a distance; the graph is symmetric, with at most 16 neighbours a region.</summary>
    /// <remarks>Pairs are taken from the nearest to the farthest (then by id), so the same input gives the same graph.</remarks>
    public static IReadOnlyList<Region> Connect(IReadOnlyList<Region> regions, int nearest, double withinKm)
    {
        var wanted = new HashSet<(int A, int B)>();
        for (int i = 0; i < regions.Count; i++)
        {
            int from = i;
            IEnumerable<int> near = Enumerable.Range(0, regions.Count)
                .Where(other => other != from && DistanceKm(regions[from], regions[other]) <= withinKm)
                .OrderBy(other => DistanceKm(regions[from], regions[other]))
                .ThenBy(other => regions[other].Id, StringComparer.Ordinal)
                .Take(nearest);
            wanted.UnionWith(near.Select(other => (Math.Min(from, other), Math.Max(from, other))));
        }

        var neighbours = regions.Select(_ => new List<string>()).ToArray();
        foreach ((int a, int b) in wanted
            .OrderBy(pair => DistanceKm(regions[pair.A], regions[pair.B]))
            .ThenBy(pair => regions[pair.A].Id, StringComparer.Ordinal)
            .ThenBy(pair => regions[pair.B].Id, StringComparer.Ordinal))
        {
            if (neighbours[a].Count < MaxNeighbours && neighbours[b].Count < MaxNeighbours)
            {
                neighbours[a].Add(regions[b].Id);
                neighbours[b].Add(regions[a].Id);
            }
        }

        return [.. regions.Select((region, i) => region with { Neighbours = neighbours[i] })];
    }

    /// <summary>Along the earth's surface (haversine); not a number when a place is not known, which no comparison passes.</summary>
    internal static double DistanceKm(Region a, Region b)
    {
        double latitude = double.DegreesToRadians(b.Latitude - a.Latitude);
        double longitude = double.DegreesToRadians(b.Longitude - a.Longitude);
        double sineLatitude = Math.Sin(latitude / 2);
        double sineLongitude = Math.Sin(longitude / 2);
        double half = (sineLatitude * sineLatitude)
            + (Math.Cos(double.DegreesToRadians(a.Latitude)) * Math.Cos(double.DegreesToRadians(b.Latitude)) * sineLongitude * sineLongitude);
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(half)));
    }
}
