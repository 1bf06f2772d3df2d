namespace PricingCore.Explanations;

/// <summary>Something that came out otherwise than recorded.</summary>
/// <param name="What">Its name in answers, for example <c>surge_multiplier</c>.</param>
/// <param name="Recorded">What the record says.</param>
/// <param name="Recomputed">What came out.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record RecomputedDifference(string What, string Recorded, string Recomputed);
