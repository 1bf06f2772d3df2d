using PricingCore.Features;

namespace PricingCore.Replay;

/// <summary>What was known of a region at one time of a replay: what a model reads, and what the baseline reads.</summary>
/// <param name="Row">The features in schema order; missing ones are not a number.</param>
/// <param name="Signals">The signals of the baseline forecast.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct ReplayFeatures(ReadOnlyMemory<float> Row, RegionSignals Signals);
