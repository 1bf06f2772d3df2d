namespace PricingCore.Quality;

/// <summary>How far a feature's distribution of the last 24 hours is from that of the rows that the running model was trained on.</summary>
/// <param name="Feature">Its name in the schema.</param>
/// <param name="Index">The population stability index: 0 is the same; over 0.25 is read as a shift.</param>
/// <param name="MissingShare">The share of rows lately in which it is missing; 0 to 1.</param>
/// <param name="MissingShareInTraining">The same of the training rows.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record FeatureDrift(string Feature, double Index, double MissingShare, double MissingShareInTraining);
