namespace PricingCore.Forecasts.Rollouts;

/// <summary>How a model comes into use.</summary>
public enum RolloutKind : byte
{
    /// <summary>It prices every region at once.</summary>
    Fixed = 0,

    /// <summary>It prices a fixed share of the regions, the running model the rest, until somebody ends it.</summary>
    AB = 1,

    /// <summary>It prices a growing share of the regions, as long as the guards hold.</summary>
    Canary = 2,

    /// <summary>It predicts for every region and prices none.</summary>
    Shadow = 3,
}
