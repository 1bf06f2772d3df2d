namespace PricingCore.Forecasts.Rollouts;

/// <summary>What a plan comes from: enough to go on with the roll-out after a restart.</summary>
/// <param name="Rollout">The roll-out and its step; null when none is under way.</param>
/// <param name="Previous">The model before the running one; negative for the baseline.</param>
/// <param name="Packages">Where the packages of models are, by number.</param>
internal sealed record PlanOrigin(RolloutNote? Rollout, int Previous, IReadOnlyDictionary<int, string> Packages);

/// <summary>A roll-out and how far it has come, in plain values.</summary>
/// <param name="Kind">How the candidate comes into use.</param>
/// <param name="StepPercents">The candidate's share in each step.</param>
/// <param name="Step">The step, from 0.</param>
/// <param name="StepMicros">How long a step takes.</param>
/// <param name="MaxErrorRate">Guard: share of requests without a forecast.</param>
/// <param name="MaxLatencyMicros">Guard: 99 % come within.</param>
/// <param name="MaxPriceDrift">Guard: mean change of prices.</param>
/// <param name="MinSamples">Requests before a guard judges.</param>
internal sealed record RolloutNote(
    RolloutKind Kind, IReadOnlyList<int> StepPercents, int Step, long StepMicros, double MaxErrorRate, long MaxLatencyMicros, double MaxPriceDrift, int MinSamples);
