namespace PricingCore.Forecasts;

/// <summary>What a forecaster says of one region: how busy it will be, and how sure that is.</summary>
/// <param name="DemandScore">How busy, 0 (dead) to 1 (as busy as it gets); 0.5 is usual for the region.</param>
/// <param name="Confidence">How sure, 0 to 1.</param>
/// <param name="ExpectedDemand">Bookings expected within the horizon; 0 or more.</param>
/// <param name="Low">Low end of the interval that holds the demand four times out of five; from 0 to <paramref name="ExpectedDemand"/>.</param>
/// <param name="High">High end of that interval; at least <paramref name="ExpectedDemand"/>.</param>
/// <param name="HorizonMinutes">How far ahead, in minutes, 1 to 10,080.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct Forecast(
    float DemandScore, float Confidence, float ExpectedDemand, float Low, float High, int HorizonMinutes)
{
    /// <summary>Whether every number is finite and within its range; what is not valid is never priced.</summary>
    public bool IsValid =>
        DemandScore is >= 0 and <= 1
        && Confidence is >= 0 and <= 1
        && float.IsFinite(High)
        && Low >= 0
        && ExpectedDemand >= Low
        && High >= ExpectedDemand
        && HorizonMinutes is >= 1 and <= 10_080;
}
