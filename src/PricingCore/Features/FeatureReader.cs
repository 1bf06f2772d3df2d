using PricingCore.Events;
using PricingCore.Numerics;

namespace PricingCore.Features;

/// <summary>Reads a region's features and signals from its state, as of the store's time.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class FeatureReader
{
    private const long WeatherValidMicros = 3 * UnixMicros.PerHour;
    private const long TrafficValidMicros = UnixMicros.PerHour;

    private readonly FeatureStore _store;
    private readonly RegionStates _states;
    private readonly RegionClocks _clocks;
    private readonly NeighbourExchange _neighbours;
    private readonly BuiltInFeature[] _builtIns;
    private readonly WindowedReader?[] _windowed;
    private readonly RatioReader?[] _ratios;
    private readonly WindowCells _cells;

    public FeatureReader(FeatureStore store, RegionStates states, RegionClocks clocks, NeighbourExchange neighbours)
    {
        _store = store;
        _states = states;
        _clocks = clocks;
        _neighbours = neighbours;
        _cells = new WindowCells(states.Counts.Columns);
        _builtIns = [.. states.Schema.Features.Select(f => f.BuiltIn)];
        _windowed = [.. states.Schema.Features.Select(f => f.Windowed is null ? null : new WindowedReader(f.Windowed, states))];
        _ratios = [.. states.Schema.Features.Select(f => f.Ratio is null ? null : new RatioReader(f.Ratio, states.Schema))];
    }

    /// <summary>Fills a row in schema order; missing features are not a number.</summary>
    public void ReadRow(int region, Span<float> row)
    {
        FeatureMoment moment = MomentOf(region);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = _windowed[i] is { } windowed
                ? windowed.Read(region, moment.Now)
                : _ratios[i] is { } ratio ? ratio.Read(row)
                : BuiltInFeatures.Compute(_builtIns[i], moment);
        }
    }

    /// <summary>The signals that forecast and surge read.</summary>
    public RegionSignals ReadSignals(int region) => MomentOf(region).ToSignals();

    /// <summary>What was counted of a region in the last 15 minutes, and its supply; the region's row has just been read.</summary>
    public RegionCounts ReadCounts(int region)
    {
        ref readonly RegionState state = ref _store.BringUpToDate(region);
        ReadOnlySpan<int> windows = _states.Counts.RunningWindows(region);
        return new RegionCounts(
            windows[_cells.Bookings15],
            windows[_cells.Searches15],
            windows[_cells.Cancels15],
            state.AvailableUnits + state.BusyUnits + state.AvailableStock + state.BusyStock,
            HasSearches: state.LastSearchAt != 0);
    }

    private FeatureMoment MomentOf(int region)
    {
        long now = _store.Now;
        ref RegionState state = ref _store.BringUpToDate(region);
        ref readonly ExternalState everywhere = ref _store.Everywhere;
        ref readonly ExternalState weather = ref (state.External.WeatherAt >= everywhere.WeatherAt ? ref state.External : ref everywhere);
        ref readonly ExternalState traffic = ref (state.External.TrafficAt >= everywhere.TrafficAt ? ref state.External : ref everywhere);
        NeighbourView neighbours = _neighbours.Read(region);
        long localMinute = UnixMicros.MinuteOf(now + _clocks[region].OffsetAt(now));

        return new FeatureMoment(_states, region, ref state, _cells)
        {
            Now = now,
            HourOfWeek = _clocks[region].HourOfWeek(now),
            ProfileHour = _clocks[region].HourOfWeekOfClockHour(now),
            MinuteOfHour = (int)(localMinute % 60),
            Neighbours = neighbours,
            NearbyEventScore = Math.Max(
                Math.Max(state.External.StrongestEvent(now), everywhere.StrongestEvent(now)), neighbours.EventScore),
            EventEnd = Math.Max(state.External.LastEventEnd(now), everywhere.LastEventEnd(now)),
            Weather = weather.WeatherAt > 0 && now - weather.WeatherAt <= WeatherValidMicros ? weather.Weather : EventValues.None,
            WeatherAt = weather.WeatherAt,
            Traffic = traffic.TrafficAt > 0 && now - traffic.TrafficAt <= TrafficValidMicros ? traffic.Traffic : float.NaN,
            IsHoliday = state.External.HolidayAt >= everywhere.HolidayAt ? state.External.IsHoliday : everywhere.IsHoliday,
        };
    }
}
