using PricingCore.Regions;

namespace PricingCore.Testing.Cities;

/// <summary>One region of a generated city.</summary>
/// <param name="Index">Its place in <see cref="City.Regions"/>.</param>
/// <param name="Region">What the engine needs to know of it: id, name, place, clock, neighbours.</param>
/// <param name="Kind">Its character.</param>
/// <param name="DemandShare">Its share of the city's searches on a usual day; all shares add up to 1.</param>
/// <param name="Neighbours">Indices of the regions around it, at most 6.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record CityRegion(int Index, Region Region, CityRegionKind Kind, double DemandShare, IReadOnlyList<int> Neighbours)
{
    /// <summary>The region id that events carry.</summary>
    public string Id => Region.Id;
}
