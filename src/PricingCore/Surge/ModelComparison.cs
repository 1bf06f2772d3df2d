using PricingCore.Rules;

namespace PricingCore.Surge;

/// <summary>What another model would have decided from the same features.</summary>
/// <param name="ModelVersion">The other model.</param>
/// <param name="Multiplier">Its multiplier.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ModelComparison(string ModelVersion, SurgeMultiplier Multiplier);
