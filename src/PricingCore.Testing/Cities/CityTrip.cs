namespace PricingCore.Testing.Cities;

/// <summary>A customer's trip, from the moment they decide to book.</summary>
/// <remarks>Everything random in it is drawn when the customer searches, so that two runs at other prices meet the same customers.</remarks>
internal sealed class CityTrip
{
    /// <summary>Its place in the list of all trips.</summary>
    public required int Index { get; init; }

    public required int From { get; init; }

    public required int To { get; init; }

    public required string UserId { get; init; }

    public required string Key { get; init; }

    public required bool IsRedelivered { get; init; }

    public required long PriceMinorUnits { get; init; }

    public required long PatienceMicros { get; init; }

    /// <summary>How long the ride takes in dry weather.</summary>
    public required long RideMicros { get; init; }

    public long BookedAt { get; set; }

    public bool IsWaiting { get; set; }

    public CityDriver? Driver { get; set; }
}
