namespace PricingCore.Testing.Cities;

/// <summary>The people of the city: when they search, whether they book at a price, and where they go.</summary>
internal sealed class CityCustomers
{
    private const int UsersPerThousandSearches = 400;

    private readonly City _city;
    private readonly CityClock _clock;
    private readonly CityRandom[] _random;
    private readonly PoissonArrivals[] _arrivals;
    private readonly int[] _searches;
    private readonly string[] _users;
    private readonly double[][] _destinations; // By part of the day: running sums of how much regions attract.

    public CityCustomers(City city, CityClock clock, CityDemand demand)
    {
        _city = city;
        _clock = clock;
        _random = [.. city.Regions.Select(region => new CityRandom(city.Options.Seed, CityStream.Arrivals, region.Index))];
        _arrivals = [.. city.Regions.Select(region => new PoissonArrivals(_random[region.Index], demand.Most(region.Index), at => demand.Now(region.Index, at)))];
        _searches = new int[city.Regions.Count];
        _users = [.. Enumerable.Range(0, 1 + (city.Options.SearchesPerDay / 1_000 * UsersPerThousandSearches)).Select(i => $"user-{i}")];
        _destinations = [.. Enumerable.Range(0, 3).Select(Attractions)];
    }

    public long NextSearch(int region, long after) => _arrivals[region].Next(after, _clock.End);

    /// <summary>Draws the customer of a search: who it is, how they decide, and what they would book.</summary>
    public CitySearch Search(int region, long at)
    {
        CityRandom random = _random[region];
        int number = _searches[region]++;
        string user = _users[random.Below(_users.Length)];
        double willingness = random.Unit();
        long decides = (long)(random.Between(8, 45) * CityClock.Second);
        int to = Destination(random, at);
        int steps = _city.Distance(region, to);
        long ride = (long)((5 + (2.6 * steps)) * random.Between(0.85, 1.3) * CityClock.Minute);
        long patience = (long)(_city.Options.Patience.Ticks / TimeSpan.TicksPerMicrosecond * random.Between(0.5, 1.5));
        bool redelivered = random.Unit() < _city.Options.RedeliveredShare;
        return new CitySearch(region, number, user, willingness, decides, to, ride, patience, redelivered);
    }

    /// <summary>Whether a customer books: the share who do falls with the multiplier.</summary>
    public bool Books(in CitySearch search, double multiplier) =>
        search.Willingness * Math.Max(0.2, 1 + (_city.Options.PriceElasticity * (multiplier - 1))) < _city.Options.BookingShare;

    private int Destination(CityRandom random, long at)
    {
        double[] running = _destinations[_clock.Local(at).Hour switch { >= 5 and < 11 => 0, >= 11 and < 16 => 1, _ => 2 }];
        double drawn = random.Unit() * running[^1];
        int found = Array.BinarySearch(running, drawn);
        return Math.Min(found < 0 ? ~found : found + 1, running.Length - 1);
    }

    /// <summary>In the morning people go downtown, in the evening home.</summary>
    private double[] Attractions(int partOfDay)
    {
        double sum = 0;
        return [.. _city.Regions.Select(region => sum += region.DemandShare * (region.Kind, partOfDay) switch
        {
            (CityRegionKind.Downtown, 0) => 2.2,
            (CityRegionKind.Suburb, 2) => 1.6,
            (CityRegionKind.Stadium, 2) => 2.0,
            _ => 1,
        })];
    }
}

/// <summary>A search, with all that is drawn for the customer who makes it.</summary>
internal readonly record struct CitySearch(
    int Region, int Number, string UserId, double Willingness, long DecidesAfter, int To, long RideMicros, long PatienceMicros, bool IsRedelivered);
