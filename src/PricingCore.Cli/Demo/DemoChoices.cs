using System.Globalization;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>What the command line chose.</summary>
/// <param name="Seed">Picks the city and its days.</param>
/// <param name="Regions">Regions of the city.</param>
/// <param name="Days">Simulated days.</param>
internal sealed record DemoChoices(ulong Seed, int Regions, int Days)
{
    public const int DefaultRegions = 61;
    private const int SearchesPerRegion = 1_000;

    /// <summary>The model package, or none; null for the model that comes with the tool.</summary>
    public string? Model { get; init; } = DemoModel.None;

    /// <summary>The command that makes the same report again.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture, $"pricing demo --seed {Seed} --regions {Regions} --days {Days}{(Model is null ? "" : " --model ")}{Model}");

    /// <summary>The city: customers and drivers in proportion to its regions.</summary>
    public CityOptions City => new()
    {
        Seed = Seed,
        Regions = Regions,
        Days = Days,
        SearchesPerDay = Regions * SearchesPerRegion,
        Drivers = (int)(Regions * DriversPerRegion),
    };

    /// <summary>26 for 61 regions: in proportion to how long a mean trip takes, so that cities of any size run short at their peaks only.</summary>
    private double DriversPerRegion => 1.3 * (9.5 + (2.34 * Math.Sqrt(Regions / 3.0)));
}
