namespace PricingCore.Testing.Cities;

/// <summary>Arrivals of a Poisson process whose rate changes, by thinning one of a fixed, higher rate (Lewis and Shedler, 1979).</summary>
/// <param name="random">The stream that the arrivals are drawn from.</param>
/// <param name="mostPerHour">A rate that is never exceeded; more than 0.</param>
/// <param name="perHour">The rate at a time in microseconds.</param>
internal sealed class PoissonArrivals(CityRandom random, double mostPerHour, Func<long, double> perHour)
{
    private readonly double _meanGap = CityClock.Hour / mostPerHour;

    /// <summary>The next arrival after a time; <see cref="long.MaxValue"/> when there is none before <paramref name="end"/>.</summary>
    public long Next(long after, long end)
    {
        long at = after;
        while (true)
        {
            at += 1 + (long)Math.Min(random.Exponential() * _meanGap, CityClock.Day);
            if (at >= end)
            {
                return long.MaxValue;
            }

            if (random.Unit() * mostPerHour < perHour(at))
            {
                return at;
            }
        }
    }
}
