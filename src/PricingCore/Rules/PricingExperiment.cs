namespace PricingCore.Rules;

/// <summary>A change of the multiplier in some regions, drawn once and for all by a hash of name and region.</summary>
/// <param name="Name">Names the experiment; another name draws other regions. 1 to 64 characters.</param>
/// <param name="Share">The share of regions that take part, 0 to 1.</param>
/// <param name="ChangeSteps">What is added to the multiplier there, in steps of 1/10,000; -10,000 to 10,000.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record PricingExperiment(string Name, double Share, int ChangeSteps);
