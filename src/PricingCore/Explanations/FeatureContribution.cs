namespace PricingCore.Explanations;

/// <summary>How much one feature moved a forecast.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Value">Its value; not a number when it was missing.</param>
/// <param name="Contribution">What it added to the model's sum, in the model's own unit; may be negative.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct FeatureContribution(string Feature, float Value, double Contribution);
