using PricingCore.Regions;

namespace PricingCore.Features;

/// <summary>The local clock of each region, for one loop: clocks remember the last offset, so each loop has its own.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class RegionClocks(RegionDirectory regions)
{
    private readonly ZoneClock?[] _clocks = new ZoneClock?[regions.Capacity];
    private readonly Dictionary<string, ZoneClock> _byZone = new(StringComparer.Ordinal);

    public ZoneClock this[int region] => _clocks[region] ??= Find(regions.TimeZoneOf(region));

    private ZoneClock Find(string zone)
    {
        if (!_byZone.TryGetValue(zone, out ZoneClock? clock))
        {
            clock = ZoneClock.Of(zone);
            _byZone.Add(zone, clock);
        }

        return clock;
    }
}
