namespace PricingCore.Forecasts.Rollouts;

/// <summary>A plan on its way to the loops.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="IsNewRollout">Whether a roll-out begins with it, so that comparisons of prices begin anew.</param>
internal readonly record struct DeployedPlan(RolloutPlan Plan, bool IsNewRollout);
