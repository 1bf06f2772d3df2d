namespace PricingCore.Forecasts;

/// <content>What an operator looks at.</content>
internal sealed partial class ForecastDesk
{
    /// <summary>Whether a model that prices is not asked at the moment. From any thread; a moment old.</summary>
    public bool IsPaused => Plan.HasModel && (_stableBreaker.IsOpen || _candidateBreaker.IsOpen);
}
