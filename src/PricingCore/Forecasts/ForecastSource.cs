namespace PricingCore.Forecasts;

/// <summary>Where the forecast behind a decision came from.</summary>
public enum ForecastSource : byte
{
    /// <summary>No forecast was used: the features were stale, and the rules alone decided.</summary>
    None = 0,

    /// <summary>The seasonal naive baseline in the loop, because no other forecaster is deployed.</summary>
    Baseline = 1,

    /// <summary>The deployed forecaster.</summary>
    Model = 2,

    /// <summary>The baseline, because the deployed forecaster was late, failed or answered nonsense.</summary>
    Fallback = 3,
}
