namespace PricingCore.Events;

/// <summary>Which numbers each kind of event may carry, and which it must.</summary>
internal static class EventRanges
{
    /// <summary>The largest value of demand and supply events either way. Sums stay right up to 900,000 of it in a window.</summary>
    public const float MaxValue = 1e9f;

    /// <summary>How long a city event lasts that does not say so, in minutes.</summary>
    public const float DefaultCityEventMinutes = 180;

    private const float MaxCityEventMinutes = 10_080;

    /// <summary>Checks the numbers of an event against its kind.</summary>
    public static Rejection Check(in MarketEvent e)
    {
        EventValues values = e.Values;
        if (values.IsNone && e.Kind <= MarketEventKind.SupplyMoved && (e.Kind <= MarketEventKind.TripEnded || e.UnitId is not null))
        {
            return Rejection.None; // Most events: no number, and none needed.
        }

        if (float.IsInfinity(values.First) || float.IsInfinity(values.Second) || float.IsInfinity(values.Third) || float.IsInfinity(values.Fourth))
        {
            return Rejection.NotFinite; // Also where the kind has no use for the number: it is a mistake all the same.
        }

        return e.Kind switch
        {
            MarketEventKind.Weather => CheckWeather(values),
            MarketEventKind.Traffic or MarketEventKind.Holiday => CheckRequired(values.First, 0, 1),
            MarketEventKind.CityEvent => CheckRequired(values.First, 0, 1) is var first and not Rejection.None
                ? first
                : CheckOptional(values.Second, 0, MaxCityEventMinutes),
            MarketEventKind.SupplyAvailable or MarketEventKind.SupplyBusy when e.UnitId is null => CheckStock(values.First),
            MarketEventKind.SupplyOffline or MarketEventKind.SupplyMoved when e.UnitId is null => Rejection.MissingUnit,
            _ => CheckOptional(values.First, -MaxValue, MaxValue),
        };
    }

    private static Rejection CheckWeather(in EventValues w)
    {
        if (float.IsNaN(w.First) && float.IsNaN(w.Second) && float.IsNaN(w.Third) && float.IsNaN(w.Fourth))
        {
            return Rejection.MissingValue;
        }

        Rejection temperature = CheckOptional(w.First, -90, 60);
        Rejection rain = CheckOptional(w.Second, 0, 500);
        Rejection wind = CheckOptional(w.Third, 0, 120);
        Rejection visibility = CheckOptional(w.Fourth, 0, 100);
        return temperature != Rejection.None ? temperature
            : rain != Rejection.None ? rain
            : wind != Rejection.None ? wind
            : visibility;
    }

    /// <summary>Supply without a unit is a stock: the value says how many there are.</summary>
    private static Rejection CheckStock(float value) => float.IsNaN(value) ? Rejection.MissingUnit : CheckOptional(value, 0, MaxValue);

    private static Rejection CheckRequired(float value, float min, float max) =>
        float.IsNaN(value) ? Rejection.MissingValue : CheckOptional(value, min, max);

    private static Rejection CheckOptional(float value, float min, float max) =>
        float.IsNaN(value) ? Rejection.None
        : value < min || value > max ? Rejection.OutOfRange
        : Rejection.None;
}
