namespace PricingCore.Events;

/// <summary>What happened in the market.</summary>
/// <remarks>
/// The numbers are stable: they are written to journals. The default value, <see cref="None"/>, is not an event and is refused.
/// Names in JSON are the snake_case of these, for example <c>supply_available</c>.
/// </remarks>
public enum MarketEventKind : byte
{
    /// <summary>No event; refused by the gate.</summary>
    None = 0,

    /// <summary>Demand: somebody asked what is on offer.</summary>
    Search = 1,

    /// <summary>Demand: somebody looked at one offer.</summary>
    View = 2,

    /// <summary>Demand: somebody booked or ordered. Bookings are what the engine forecasts.</summary>
    Booking = 3,

    /// <summary>Demand: a booking was cancelled.</summary>
    Cancel = 4,

    /// <summary>Demand: the service began.</summary>
    TripStarted = 5,

    /// <summary>Demand: the service ended.</summary>
    TripEnded = 6,

    /// <summary>Supply: the unit is free in the region; without a unit, the value is the region's free stock.</summary>
    SupplyAvailable = 16,

    /// <summary>Supply: the unit works in the region; without a unit, the value is the region's busy stock.</summary>
    SupplyBusy = 17,

    /// <summary>Supply: the unit stopped working.</summary>
    SupplyOffline = 18,

    /// <summary>Supply: the unit is now in the region and is as free or busy as before.</summary>
    SupplyMoved = 19,

    /// <summary>External: weather, in <see cref="EventValues.Weather"/>.</summary>
    Weather = 32,

    /// <summary>External: congestion, 0 (free flow) to 1 (standing still).</summary>
    Traffic = 33,

    /// <summary>External: a concert or a match; score 0 to 1, and how long it lasts, in <see cref="EventValues.CityEvent"/>.</summary>
    CityEvent = 34,

    /// <summary>External: 1 begins a holiday in the region, 0 ends it.</summary>
    Holiday = 35,

    /// <summary>System: a rule set takes effect. Only the engine makes it, from <see cref="PricingEngine.PublishRulesAsync"/>.</summary>
    RulesPublished = 48,

    /// <summary>System: a model takes effect. Only the engine makes it.</summary>
    ModelDeployed = 49,

    /// <summary>System: an operator's alert for the region; resets its decisions.</summary>
    Alert = 50,

    /// <summary>Internal: time has passed.</summary>
    Tick = 64,

    /// <summary>Internal: a forecaster outside the loop has finished.</summary>
    ForecastReady = 65,

    /// <summary>Internal: a reader needs a decision that the quote book does not hold.</summary>
    DecisionRequested = 66,

    /// <summary>Internal: a forecaster had no answer for a region.</summary>
    ForecastMissed = 67,

    /// <summary>Internal: somebody wants a forecast.</summary>
    ForecastRequested = 68,

    /// <summary>Internal: the deadline of forecasts that decisions wait for has passed.</summary>
    ForecastsDue = 69,

    /// <summary>Internal, in journals only: a decision that the loop has made, to compare a replay with.</summary>
    DecisionMade = 70,

    /// <summary>Internal: somebody redeems a signed quote.</summary>
    QuoteRedeemed = 71,
}
