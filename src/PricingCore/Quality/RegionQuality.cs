namespace PricingCore.Quality;

/// <summary>How good the data of one region are.</summary>
/// <param name="RegionId">The region.</param>
/// <param name="Scores">The numbers.</param>
/// <param name="Breaches">The measures on the wrong side of their thresholds; empty when all is well.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record RegionQuality(string RegionId, QualityScores Scores, IReadOnlyList<QualityBreach> Breaches);
