using PricingCore.Rules;

namespace PricingCore.Surge;

/// <summary>A multiplier and where it came from: <c>1 + factors + limits</c>, exactly.</summary>
/// <param name="Multiplier">The multiplier after every limit.</param>
/// <param name="Factors">What the causes added.</param>
/// <param name="Limits">What the limits changed.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SurgeOutcome(SurgeMultiplier Multiplier, SurgeFactors Factors, SurgeLimitChanges Limits);
