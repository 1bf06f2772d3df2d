namespace PricingCore;

/// <summary>The beginning of a demand spike.</summary>
/// <param name="Region">The number of the region.</param>
/// <param name="Score">How far from the usual: the robust z-score.</param>
/// <param name="At">When, in microseconds.</param>
internal readonly record struct DemandSpike(int Region, float Score, long At);
