using PricingCore.Money;
using PricingCore.Rules;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>The rules of the demo: a base price by kind of region, the centred formula, and every limit a city would set.</summary>
internal static class DemoRules
{
    public const SurgeFormulaKind Formula = SurgeFormulaKind.Centred;

    /// <summary>The formula and its limits in a sentence.</summary>
    public const string Said =
        "centred formula, 1.00 to 3.00, at most 0.10 up or down a minute, changes below 0.02 not followed, " +
        "15 % of the neighbours' mean, prices in steps of 0.25 USD";

    public static readonly Currency Currency = Currency.FromCode("USD");

    public static RuleSet For(City city) =>
        new([.. city.Regions.Select(region => Template with
        {
            RegionId = region.Id,
            BasePrice = new Amount(BaseMinorUnits(region), Currency),
        })]);

    /// <summary>The fare of a usual trip from a region, in cents.</summary>
    public static long BaseMinorUnits(CityRegion region) => region.Kind switch
    {
        CityRegionKind.Downtown => 1_200,
        CityRegionKind.Airport => 3_200,
        CityRegionKind.Stadium => 1_300,
        _ => 1_400,
    };

    private static PricingRule Template => new()
    {
        BasePrice = new Amount(1_400, Currency),
        Formula = Formula,
        MinMultiplier = SurgeMultiplier.One,
        MaxMultiplier = SurgeMultiplier.FromSteps(30_000),
        IncrementMinorUnits = 25,
        Weights = new SurgeWeights(Demand: 0.5, Supply: 0.6, Time: 0.2, Events: 0.3, Weather: 0.2),
        MaxStepPerMinute = 1_000,
        Hysteresis = 200,
        Smoothing = 0.15,
    };
}
