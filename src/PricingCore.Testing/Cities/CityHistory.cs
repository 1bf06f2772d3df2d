using PricingCore.Events;

namespace PricingCore.Testing.Cities;

/// <summary>The bookings of the days before the simulation: usual days, without drivers, rain or crowds.</summary>
internal static class CityHistory
{
    public static long Publish(City city, CityClock clock, CityDemand demand, ICityMarket market)
    {
        CityOptions options = city.Options;
        PriorityQueue<int, (long At, int Region)> next = new();
        PoissonArrivals[] arrivals = [.. city.Regions.Select(region => new PoissonArrivals(
            new CityRandom(options.Seed, CityStream.History, region.Index),
            demand.Most(region.Index) * options.BookingShare,
            at => demand.Usual(region.Index, at) * options.BookingShare))];

        void Schedule(int region, long after)
        {
            long at = arrivals[region].Next(after, clock.Start);
            if (at != long.MaxValue)
            {
                next.Enqueue(region, (at, region));
            }
        }

        long begin = clock.Start - (options.HistoryDays * CityClock.Day);
        for (int region = 0; region < arrivals.Length && options.BookingShare > 0; region++)
        {
            Schedule(region, begin);
        }

        long published = 0;
        while (next.TryDequeue(out int region, out (long At, int Region) when))
        {
            market.Publish(new MarketEvent(MarketEventKind.Booking, city.Regions[region].Id, CityClock.At(when.At)));
            published++;
            Schedule(region, when.At);
        }

        return published;
    }
}
