namespace PricingCore.Testing.Cities;

/// <summary>The character of a region: it gives the daily course of demand and the base price.</summary>
public enum CityRegionKind
{
    /// <summary>Homes: a peak in the morning, a quiet night.</summary>
    Suburb = 0,

    /// <summary>Offices, shops and bars: peaks at both rush hours, late evenings at the weekend.</summary>
    Downtown = 1,

    /// <summary>Waves from early morning to late evening, every day alike.</summary>
    Airport = 2,

    /// <summary>Quiet, but for the crowd that leaves after an event.</summary>
    Stadium = 3,
}
