namespace PricingCore.Testing.Cities;

/// <summary>What kind of city to generate: unit, range and default of each choice.</summary>
/// <remarks>The same options give the same city, the same customers and, at the same prices, the same events.</remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed record CityOptions
{
    /// <summary>Picks the city and everything random in it.</summary>
    /// <value>Any number; 1 unless set.</value>
    public ulong Seed { get; init; } = 1;

    /// <summary>Regions, in a hexagonal grid around the centre.</summary>
    /// <value>From 12 to 1,000; 61 unless set, which is a full hexagon.</value>
    public int Regions { get; init; } = 61;

    /// <summary>The first simulated day, in local time.</summary>
    /// <value>Friday, 5 June 2026 unless set.</value>
    public DateOnly FirstDay { get; init; } = new(2026, 6, 5);

    /// <summary>Simulated days.</summary>
    /// <value>From 1 to 28; 1 unless set.</value>
    public int Days { get; init; } = 1;

    /// <summary>Days before the first, of which only the bookings of a usual day are generated, so that forecasts know the week.</summary>
    /// <value>From 0 to 56; 7 unless set.</value>
    public int HistoryDays { get; init; } = 7;

    /// <summary>The city's time zone.</summary>
    /// <value>An IANA name that this machine knows; <c>UTC</c> unless set, which every machine knows.</value>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Searches of a usual weekday in the whole city; each sees one quote.</summary>
    /// <value>From 100 to 10,000,000; 61,000 unless set.</value>
    public int SearchesPerDay { get; init; } = 61_000;

    /// <summary>Drivers who work on a day, each for one shift of 7 to 10 hours.</summary>
    /// <value>From 1 to 100,000; 1,580 unless set.</value>
    public int Drivers { get; init; } = 1_580;

    /// <summary>The share of customers who book at a multiplier of 1.</summary>
    /// <value>From 0 to 1; 0.45 unless set.</value>
    public double BookingShare { get; init; } = 0.45;

    /// <summary>How much the share who book falls with the multiplier: divided by 1 + elasticity x (multiplier - 1).</summary>
    /// <value>From 0 to 10; 0.6 unless set, near what Cohen et al. (2016, "Using Big Data to Estimate Consumer Surplus") found for rides.</value>
    public double PriceElasticity { get; init; } = 0.6;

    /// <summary>How long customers wait for a driver before they cancel: a time between half and one and a half of this.</summary>
    /// <value>From 1 minute to 1 hour; 6 minutes unless set.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>How often free drivers look at the map of multipliers, think about moving, and report where they are.</summary>
    /// <value>From 1 to 20 minutes; 5 minutes unless set.</value>
    public TimeSpan MapRefresh { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The share of bookings that are delivered twice, with the same idempotency key, as networks do.</summary>
    /// <value>From 0 to 1; 0.002 unless set.</value>
    public double RedeliveredShare { get; init; } = 0.002;

    /// <summary>Whether it rains for some hours of the first day (later days: every other, by chance).</summary>
    /// <value><see langword="true"/> unless set.</value>
    public bool Rain { get; init; } = true;

    /// <summary>Whether the stadium has an event on the evening of the first day (later days: every other, by chance).</summary>
    /// <value><see langword="true"/> unless set.</value>
    public bool StadiumEvent { get; init; } = true;

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        void Range<T>(string name, T value, T low, T high)
            where T : IComparable<T>
        {
            if (!(value.CompareTo(low) >= 0 && value.CompareTo(high) <= 0))
            {
                errors.Add($"{name} is {value}, but must be from {low} to {high}.");
            }
        }

        Range(nameof(Regions), Regions, 12, 1_000);
        Range(nameof(FirstDay), FirstDay, new DateOnly(1971, 1, 1), new DateOnly(2100, 1, 1));
        Range(nameof(Days), Days, 1, 28);
        Range(nameof(HistoryDays), HistoryDays, 0, 56);
        Range(nameof(SearchesPerDay), SearchesPerDay, 100, 10_000_000);
        Range(nameof(Drivers), Drivers, 1, 100_000);
        Range(nameof(BookingShare), BookingShare, 0, 1);
        Range(nameof(PriceElasticity), PriceElasticity, 0, 10);
        Range(nameof(Patience), Patience, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        Range(nameof(MapRefresh), MapRefresh, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(20));
        Range(nameof(RedeliveredShare), RedeliveredShare, 0, 1);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            errors.Add($"{nameof(TimeZone)} is '{TimeZone}', which this machine does not know; use an IANA name such as America/New_York.");
        }

        return errors;
    }
}
