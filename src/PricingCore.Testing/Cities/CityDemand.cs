namespace PricingCore.Testing.Cities;

/// <summary>How many people search, where and when: the usual week, more of it in rain, and the crowd after an event.</summary>
internal sealed class CityDemand(City city, CityClock clock)
{
    private const double RainFactor = 1.35;
    private const double CrowdShareOfDay = 0.02; // Searches of the crowd that leaves the stadium, against those of a whole day.
    private const double CrowdMinutesBefore = 10;
    private const double CrowdMinutesAfter = 60;

    private static readonly double CrowdPeakPerHour = 2 * 60 / (CrowdMinutesBefore + CrowdMinutesAfter);

    /// <summary>Searches an hour in a region on a usual day.</summary>
    public double Usual(int region, long at)
    {
        CityRegion place = city.Regions[region];
        return place.DemandShare * city.Options.SearchesPerDay / 24 * DemandCurve.At(place.Kind, clock.Local(at));
    }

    /// <summary>Searches an hour in a region, with rain and crowds.</summary>
    public double Now(int region, long at)
    {
        double rate = Usual(region, at);
        DateTime local = clock.Local(at);
        foreach (CityDay day in city.Days)
        {
            rate *= day.IsRaining(local) ? RainFactor : 1;
            rate += region == city.Stadium.Index ? Crowd(day, local) : 0;
        }

        return rate;
    }

    /// <summary>More than <see cref="Now"/> ever is in a region.</summary>
    public double Most(int region)
    {
        double usual = city.Regions[region].DemandShare * city.Options.SearchesPerDay / 24 * DemandCurve.Peak * RainFactor;
        return usual + (region == city.Stadium.Index ? CrowdPeakPerHour * CrowdShareOfDay * city.Options.SearchesPerDay : 0);
    }

    /// <summary>Rises for 20 minutes around the event's end, then fades: a triangle with the area of the whole crowd.</summary>
    private double Crowd(CityDay day, DateTime local)
    {
        if (day.EventTo is not DateTime end)
        {
            return 0;
        }

        double minutes = (local - end).TotalMinutes + CrowdMinutesBefore;
        const double Rise = 20;
        const double Whole = CrowdMinutesBefore + CrowdMinutesAfter;
        double height = minutes < 0 || minutes > Whole ? 0 : minutes < Rise ? minutes / Rise : (Whole - minutes) / (Whole - Rise);
        return height * CrowdPeakPerHour * CrowdShareOfDay * city.Options.SearchesPerDay;
    }
}
