namespace PricingCore.Features;

/// <summary>What was read of a region at one moment: its row of features, and its signals.</summary>
/// <param name="Row">The features in schema order.</param>
/// <param name="Signals">What the baseline forecast and the surge read.</param>
internal sealed record RegionReading(float[] Row, RegionSignals Signals);
