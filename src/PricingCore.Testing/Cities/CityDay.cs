namespace PricingCore.Testing.Cities;

/// <summary>What is special about one simulated day: when it rains, and when the stadium fills and empties.</summary>
/// <param name="Date">The day, in local time.</param>
/// <param name="RainFrom">Local time the rain begins; null on a dry day.</param>
/// <param name="RainTo">Local time the rain ends; null on a dry day.</param>
/// <param name="RainMmPerHour">How hard it rains, in millimetres an hour; 0 on a dry day.</param>
/// <param name="EventFrom">Local time the stadium event begins; null on a day without.</param>
/// <param name="EventTo">Local time the stadium event ends; null on a day without.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record CityDay(
    DateOnly Date, DateTime? RainFrom, DateTime? RainTo, float RainMmPerHour, DateTime? EventFrom, DateTime? EventTo)
{
    /// <summary>Plans the simulated days of a city.</summary>
    internal static IReadOnlyList<CityDay> Plan(CityOptions options)
    {
        CityRandom random = new(options.Seed, CityStream.Days);
        return [.. Enumerable.Range(0, options.Days).Select(day => PlanDay(options, options.FirstDay.AddDays(day), isFirst: day == 0, random))];
    }

    private static CityDay PlanDay(CityOptions options, DateOnly date, bool isFirst, CityRandom random)
    {
        DateTime midnight = date.ToDateTime(TimeOnly.MinValue);
        bool rains = random.Unit() < 0.5 || isFirst;
        DateTime rainFrom = midnight.AddMinutes((12 * 60) + (10 * random.Below(9)));
        DateTime rainTo = rainFrom.AddMinutes(120 + (10 * random.Below(7)));
        float rain = 3 + random.Below(6);
        bool plays = random.Unit() < 0.5 || isFirst;
        DateTime eventFrom = midnight.AddMinutes((19 * 60) + (15 * random.Below(3)));
        DateTime eventTo = eventFrom.AddMinutes(135);

        bool wet = options.Rain && rains;
        bool full = options.StadiumEvent && plays;
        return new CityDay(date, wet ? rainFrom : null, wet ? rainTo : null, wet ? rain : 0, full ? eventFrom : null, full ? eventTo : null);
    }

    /// <summary>Whether it rains at a local time of this day.</summary>
    internal bool IsRaining(DateTime local) => RainFrom <= local && local < RainTo;
}
