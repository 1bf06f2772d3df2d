using PricingCore.Rules;

namespace PricingCore.Testing.Cities;

/// <summary>Counts of one region while the simulation runs.</summary>
internal sealed class RegionTally
{
    private long _searches;
    private long _steps;
    private int _mostSteps;

    public long Bookings { get; set; }

    public long Served { get; set; }

    public long Unserved { get; set; }

    public long Revenue { get; set; }

    public long WaitMicros { get; set; }

    public void Quoted(SurgeMultiplier multiplier)
    {
        _searches++;
        _steps += multiplier.Steps;
        _mostSteps = Math.Max(_mostSteps, multiplier.Steps);
    }

    public CityRegionResult Result(CityRegion region) => new()
    {
        Region = region,
        Searches = _searches,
        Bookings = Bookings,
        Served = Served,
        Unserved = Unserved,
        RevenueMinorUnits = Revenue,
        WaitMinutes = (double)WaitMicros / CityClock.Minute,
        MeanMultiplier = _searches == 0 ? 1 : (double)_steps / _searches / SurgeMultiplier.StepsPerOne,
        MaxMultiplier = _searches == 0 ? 1 : (double)_mostSteps / SurgeMultiplier.StepsPerOne,
    };
}
