using PricingCore.Regions;

namespace PricingCore.Testing.Cities;

/// <summary>A city that does not exist: regions in a hexagonal grid, with a centre, suburbs, an airport and a stadium.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class City
{
    private const int DowntownRegions = 7;
    private const double DegreesPerStep = 0.018; // About two kilometres.
    private const double RowHeight = 0.8660254037844386; // Half the square root of three.

    private readonly (int Q, int R)[] _cells;

    private City(CityOptions options, (int Q, int R)[] cells, IReadOnlyList<CityRegion> regions)
    {
        _cells = cells;
        Options = options;
        Regions = regions;
        Days = CityDay.Plan(options);
        Stadium = regions.First(region => region.Kind == CityRegionKind.Stadium);
        Airport = regions.First(region => region.Kind == CityRegionKind.Airport);
    }

    /// <summary>The options it was built from.</summary>
    public CityOptions Options { get; }

    /// <summary>What is special about each simulated day.</summary>
    public IReadOnlyList<CityDay> Days { get; }

    /// <summary>All regions, the centre first, then outwards.</summary>
    public IReadOnlyList<CityRegion> Regions { get; }

    /// <summary>The region with the stadium.</summary>
    public CityRegion Stadium { get; }

    /// <summary>The region with the airport.</summary>
    public CityRegion Airport { get; }

    /// <summary>Generates a city.</summary>
    /// <param name="options">The options; the same ones give the same city.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists all that are.</exception>
    public static City Build(CityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        CityRandom random = new(options.Seed, CityStream.Map);
        (int Q, int R)[] cells = HexGrid.Spiral(options.Regions);
        int[][] neighbours = HexGrid.Neighbours(cells);
        int stadium = DowntownRegions + random.Below(Math.Min(12, options.Regions - DowntownRegions - 1));
        int outer = Math.Max(stadium + 1, options.Regions - (options.Regions / 3));
        int airport = outer + random.Below(options.Regions - outer);
        IReadOnlyList<string> suburbs = CityNames.Suburbs(options.Regions, random);

        CityRegionKind KindOf(int index) =>
            index < DowntownRegions ? CityRegionKind.Downtown
            : index == stadium ? CityRegionKind.Stadium
            : index == airport ? CityRegionKind.Airport
            : CityRegionKind.Suburb;

        string NameOf(int index) => KindOf(index) switch
        {
            CityRegionKind.Downtown => CityNames.Downtown(index),
            CityRegionKind.Stadium => "Stadium",
            CityRegionKind.Airport => "Airport",
            _ => suburbs[index],
        };

        string IdOf(int index) => NameOf(index).ToLowerInvariant().Replace(' ', '-');

        double[] weights = [.. cells.Select((cell, index) => WeightOf(KindOf(index), HexGrid.Distance(cell, (0, 0)), random))];
        double total = weights.Sum();
        return new City(options, cells, [.. cells.Select((cell, index) => new CityRegion(
            index,
            new Region(IdOf(index))
            {
                Name = NameOf(index),
                TimeZone = options.TimeZone,
                Latitude = 45 - (cell.R * RowHeight * DegreesPerStep),
                Longitude = 8 + ((cell.Q + (cell.R / 2.0)) * DegreesPerStep),
                Neighbours = [.. neighbours[index].Select(IdOf)],
            },
            KindOf(index),
            weights[index] / total,
            neighbours[index]))]);
    }

    /// <summary>Steps from one region to another over the grid; 0 within a region.</summary>
    /// <param name="from">Index of the first region.</param>
    /// <param name="to">Index of the second region.</param>
    /// <exception cref="IndexOutOfRangeException">There is no region of that index.</exception>
    public int Distance(int from, int to) => HexGrid.Distance(_cells[from], _cells[to]);

    private static double WeightOf(CityRegionKind kind, int ring, CityRandom random) => kind switch
    {
        CityRegionKind.Downtown => ring == 0 ? 4.0 : random.Between(2.0, 3.5),
        CityRegionKind.Airport => 3.5,
        CityRegionKind.Stadium => 0.7,
        _ => random.Between(0.6, 1.4) * (ring <= 2 ? 1.4 : 1.0),
    };
}
