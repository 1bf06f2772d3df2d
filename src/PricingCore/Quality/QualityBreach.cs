namespace PricingCore.Quality;

/// <summary>A measure that is on the wrong side of its threshold.</summary>
/// <param name="Measure">Which.</param>
/// <param name="Value">What it is: a share from 0 to 1, an age in seconds, or an index from 0. For validity and consistency it is the share of errors.</param>
/// <param name="Threshold">What it may just be, in the same unit.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record QualityBreach(QualityMeasure Measure, double Value, double Threshold);
