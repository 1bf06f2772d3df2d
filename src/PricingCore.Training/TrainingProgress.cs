namespace PricingCore.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Stage">What is being done, in words.</param>
/// <param name="Done">Trees grown so far; skipped ones of an early stop count as grown.</param>
/// <param name="Total">Trees that may be grown in all.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct TrainingProgress(string Stage, int Done, int Total);
