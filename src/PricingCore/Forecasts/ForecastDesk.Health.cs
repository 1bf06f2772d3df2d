using PricingCore.Features;

namespace PricingCore.Forecasts;

/// <content>What an operator looks at.</content>
internal sealed partial class ForecastDesk
{
    /// <summary>Whether a model that prices is not asked at the moment. From any thread; a moment old.</summary>
    public bool IsPaused => Plan.HasModel && (_stableBreaker.IsOpen || _candidateBreaker.IsOpen);

    /// <summary>The forecast that a decision would be made from now, for somebody who only looks.</summary>
    /// <returns><see langword="false"/> where forecasts are made in the loop or taken from a journal: each is there once, for its decision.</returns>
    public bool TryLook(int region, in RegionSignals signals, long now, out Forecast forecast)
    {
        forecast = Inline.IsUsed ? default : Choose(region, signals, now).Forecast;
        return !Inline.IsUsed;
    }
}
