namespace PricingCore.Explanations;

/// <summary>One feature of the row that a decision saw.</summary>
/// <param name="Name">Its name in the schema.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Value">Its value; not a number when it was missing.</param>
/// <param name="Age">
/// How long before the decision the newest event could have happened that it knows of: 0 when it follows every event at once, the time since
/// its window closed otherwise; null when the row does not say.
/// </param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct ExplainedFeature(string Name, string Unit, float Value, TimeSpan? Age);
