namespace PricingCore.Surge;

/// <summary>How much each cause adds to the multiplier, in steps of 1/10,000 (4,500 is +0.45).</summary>
/// <param name="Demand">From how busy the region is forecast to be.</param>
/// <param name="Supply">From how scarce free units are against demand.</param>
/// <param name="TimeOfDay">From the local hour.</param>
/// <param name="Weather">From rain, wind and visibility; always 0 in the reference formula.</param>
/// <param name="Events">From city events near by.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SurgeFactors(int Demand, int Supply, int TimeOfDay, int Weather, int Events)
{
    /// <summary>All five together, in steps.</summary>
    public int Sum => Demand + Supply + TimeOfDay + Weather + Events;
}
