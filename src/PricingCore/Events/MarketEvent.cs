namespace PricingCore.Events;

/// <summary>Something that happened in the market, as a host reports it.</summary>
/// <remarks>
/// Nothing is checked here; the gate does that. Regions "*" (all regions) are allowed for external kinds only.
/// The default value of this type has kind <see cref="MarketEventKind.None"/> and is refused.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct MarketEvent
{
    /// <summary>What a region id of external events says to reach every region.</summary>
    public const string AllRegions = "*";

    /// <summary>Describes an event.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="regionId">Where: 1 to 64 characters.</param>
    /// <param name="occurredAt">When it happened; any offset, taken as UTC.</param>
    public MarketEvent(MarketEventKind kind, string regionId, DateTimeOffset occurredAt)
    {
        Kind = kind;
        RegionId = regionId;
        OccurredAt = occurredAt;
    }

    /// <summary>What happened.</summary>
    public MarketEventKind Kind { get; init; }

    /// <summary>Where it happened: 1 to 64 characters.</summary>
    public string RegionId { get; init; }

    /// <summary>When it happened (event time), to the microsecond.</summary>
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who acted; hashed at the gate, never stored. At most 128 characters; null when not known.</summary>
    public string? UserId { get; init; }

    /// <summary>Which unit of supply it is about; hashed at the gate. At most 128 characters.</summary>
    public string? UnitId { get; init; }

    /// <summary>Which product it is about; null for all. At most 64 characters.</summary>
    public string? ProductType { get; init; }

    /// <summary>Names the event, so that sending it again within ten minutes counts once in its region. At most 128 characters.</summary>
    /// <remarks>Events about a unit have keys of their own: one that a booking of the region had is not a duplicate.</remarks>
    public string? IdempotencyKey { get; init; }

    /// <summary>The numbers of the event; <see cref="EventValues.None"/> unless set.</summary>
    public EventValues Values { get; init; }

    /// <summary>A search in a region.</summary>
    public static MarketEvent Search(string region, DateTimeOffset at, string? user = null) =>
        new(MarketEventKind.Search, region, at) { UserId = user };

    /// <summary>A booking in a region.</summary>
    public static MarketEvent Booking(string region, DateTimeOffset at, string? user = null) =>
        new(MarketEventKind.Booking, region, at) { UserId = user };

    /// <summary>A cancelled booking in a region.</summary>
    public static MarketEvent Cancel(string region, DateTimeOffset at, string? user = null) =>
        new(MarketEventKind.Cancel, region, at) { UserId = user };

    /// <summary>A unit, such as a driver, that is free in a region.</summary>
    public static MarketEvent SupplyAvailable(string region, string unit, DateTimeOffset at) =>
        new(MarketEventKind.SupplyAvailable, region, at) { UnitId = unit };

    /// <summary>A unit, such as a driver, that is busy in a region.</summary>
    public static MarketEvent SupplyBusy(string region, string unit, DateTimeOffset at) =>
        new(MarketEventKind.SupplyBusy, region, at) { UnitId = unit };

    /// <summary>Weather in a region, or in all of them with region <c>*</c>.</summary>
    public static MarketEvent Weather(string region, DateTimeOffset at, EventValues weather) =>
        new(MarketEventKind.Weather, region, at) { Values = weather };

    /// <summary>A concert, a match or the like in a region.</summary>
    public static MarketEvent CityEvent(string region, DateTimeOffset at, float score, TimeSpan duration) =>
        new(MarketEventKind.CityEvent, region, at) { Values = EventValues.CityEvent(score, (float)duration.TotalMinutes) };
}
