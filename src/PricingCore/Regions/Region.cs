namespace PricingCore.Regions;

/// <summary>What is known of a region before any event: where it is, its clock and its neighbours.</summary>
/// <param name="Id">The region id that events carry: 1 to 64 characters.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record Region(string Id)
{
    /// <summary>A name for people; the id unless set.</summary>
    public string Name { get; init; } = Id;

    /// <summary>The IANA time zone that gives the local hour and weekday, for example <c>America/New_York</c>; UTC unless set.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Degrees north, -90 to 90; not a number when not known.</summary>
    public double Latitude { get; init; } = double.NaN;

    /// <summary>Degrees east, -180 to 180; not a number when not known.</summary>
    public double Longitude { get; init; } = double.NaN;

    /// <summary>Ids of the regions next to this one, at most 16; their demand and supply are features of this one.</summary>
    public IReadOnlyList<string> Neighbours { get; init; } = [];
}
