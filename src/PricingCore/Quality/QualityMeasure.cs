namespace PricingCore.Quality;

/// <summary>What can be too bad about data; docs/quality.md has the formula of each.</summary>
public enum QualityMeasure
{
    /// <summary>Features that were there before are missing.</summary>
    Completeness = 0,

    /// <summary>Events are refused for what is wrong with them.</summary>
    Validity = 1,

    /// <summary>The latest event is too old.</summary>
    Freshness = 2,

    /// <summary>Numbers contradict each other.</summary>
    Consistency = 3,

    /// <summary>Forecasts are too far from what then happened.</summary>
    Accuracy = 4,

    /// <summary>Features are not distributed as the running model was trained on.</summary>
    Drift = 5,
}
