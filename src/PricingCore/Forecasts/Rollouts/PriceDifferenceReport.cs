namespace PricingCore.Forecasts.Rollouts;

/// <summary>What a candidate would do to prices, or does: its multipliers against those of the running model on the same decisions.</summary>
/// <remarks>Shares are of the running model's multiplier: 0.02 is 2 % dearer.</remarks>
/// <param name="Decisions">Decisions compared.</param>
/// <param name="ChangedShare">The share of them whose rounded price differs, 0 to 1.</param>
/// <param name="MeanChange">The mean difference with its sign.</param>
/// <param name="MeanAbsoluteChange">The mean difference without its sign; what <see cref="RolloutGuards.MaxPriceDrift"/> is about.</param>
/// <param name="AbsoluteChange95">What 95 % of the differences stay within, rounded up to a power of two.</param>
/// <param name="LargestAbsoluteChange">The largest difference.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record PriceDifferenceReport(
    long Decisions, double ChangedShare, double MeanChange, double MeanAbsoluteChange, double AbsoluteChange95, double LargestAbsoluteChange);
