using PricingCore.Numerics;
using PricingCore.Rules;

namespace PricingCore.Surge;

/// <summary>The two formulas that turn what is known of a region into a multiplier, before any limit.</summary>
/// <remarks>docs/surge.md works both by hand.</remarks>
/// <threadsafety>Pure functions.</threadsafety>
internal static class SurgeFormula
{
    // 1.5 x 2^12: adding and subtracting it rounds to a multiple of 2^-40.
    private const double Grid = 6_144;

    /// <summary>The formula that a rule asks for.</summary>
    public static SurgeTerms Terms(PricingRule rule, in SurgeInputs inputs) =>
        rule.Formula == SurgeFormulaKind.Centred ? Centred(rule, inputs) : Reference(rule, inputs);

    /// <summary>The specification's formula, word for word.</summary>
    public static SurgeTerms Reference(PricingRule rule, in SurgeInputs inputs)
    {
        double demand = rule.Weights.Demand * Pressure(inputs.DemandScore - rule.Threshold);
        double supply = rule.Weights.Supply * Scarcity(inputs);
        double time = rule.Weights.Time * rule.TimeMultipliers[inputs.Hour];
        double events = rule.Weights.Events * (1.0 + inputs.NearbyEventScore * 0.5);
        return new SurgeTerms(demand, supply, time, Weather: 0, events, 1.0 + (demand + supply + time + events));
    }

    /// <summary>The same, each term measured from its neutral value: a usual market in good weather is 1.0000.</summary>
    /// <remarks>
    /// Neutral are a demand score at the threshold, as many free units as expected bookings, an hour of multiplier 1, no event and
    /// fine weather. Demand and supply are stretched to -1..1, so that a weight is the most that a term can add or take away.
    /// </remarks>
    public static SurgeTerms Centred(PricingRule rule, in SurgeInputs inputs)
    {
        double demand = rule.Weights.Demand * (2 * Pressure(rule.Slope * (inputs.DemandScore - rule.Threshold)) - 1);
        double supply = rule.Weights.Supply * (2 * Scarcity(inputs) - 1);
        double time = rule.Weights.Time * (rule.TimeMultipliers[inputs.Hour] - 1);
        double events = rule.Weights.Events * (inputs.NearbyEventScore * 0.5);
        double weather = rule.Weights.Weather * inputs.WeatherScore;
        return new SurgeTerms(demand, supply, time, weather, events, 1.0 + (demand + supply + time + events + weather));
    }

    // Two scores that differ by a step of the grid differ by far more than the rounding inside Sigmoid, so that a higher score can
    // never come out lower, not even in the last bit. The grid moves no result by more than 1e-12.
    private static double Pressure(double distance) => ReproducibleMath.Sigmoid(distance + Grid - Grid);

    private static double Scarcity(in SurgeInputs inputs) =>
        inputs.Demand > 0 ? 1 / (1 + inputs.AvailableSupply / inputs.Demand) : 0;
}
