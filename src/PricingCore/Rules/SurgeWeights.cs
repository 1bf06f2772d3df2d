namespace PricingCore.Rules;

/// <summary>How much each factor counts in the multiplier.</summary>
/// <param name="Demand">From 0 to 10.</param>
/// <param name="Supply">From 0 to 10.</param>
/// <param name="Time">From 0 to 10.</param>
/// <param name="Events">From 0 to 10.</param>
/// <param name="Weather">From 0 to 10; used by the centred formula only.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record SurgeWeights(double Demand, double Supply, double Time, double Events, double Weather)
{
    /// <summary>0.4 demand, 0.3 supply, 0.2 time, 0.1 events, 0.1 weather.</summary>
    public static SurgeWeights Default { get; } = new(0.4, 0.3, 0.2, 0.1, 0.1);

    /// <summary>1.2 at hours 7, 8, 17 and 18, else 1.0.</summary>
    public static IReadOnlyList<double> DefaultTimeMultipliers { get; } =
        [.. Enumerable.Range(0, 24).Select(hour => hour is 7 or 8 or 17 or 18 ? 1.2 : 1.0)];
}
