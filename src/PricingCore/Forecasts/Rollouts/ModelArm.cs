namespace PricingCore.Forecasts.Rollouts;

/// <summary>Which side of a roll-out prices a region.</summary>
public enum ModelArm : byte
{
    /// <summary>The running model, or the baseline when there is none.</summary>
    Stable = 0,

    /// <summary>The model that is being rolled out.</summary>
    Candidate = 1,
}
