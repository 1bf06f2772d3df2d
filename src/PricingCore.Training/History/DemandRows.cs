using PricingCore.Features;
using PricingCore.Numerics;

namespace PricingCore.Training.History;

/// <summary>Rows of features with what happened after them: what a model is trained and scored on.</summary>
/// <remarks>Rows are in the order of their times; those of one time in the order in which their regions appeared.</remarks>
/// <threadsafety>Immutable once it has been read.</threadsafety>
public sealed class DemandRows
{
    private const int ChunkRows = 4_096;

    private readonly List<float[]> _features = [];
    private readonly List<RegionSignals> _signals = [];
    private readonly List<int> _regions = [];
    private readonly List<long> _minutes = [];
    private readonly List<float> _baselines = [];
    private readonly List<float> _demand = [];
    private readonly List<string> _names = [];

    internal DemandRows(FeatureSchema schema, IReadOnlyList<int> horizonsMinutes)
    {
        Schema = schema;
        HorizonsMinutes = [.. horizonsMinutes];
    }

    /// <summary>The features and their order.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>The horizons that demand was counted for, in minutes, rising.</summary>
    public IReadOnlyList<int> HorizonsMinutes { get; }

    /// <summary>The regions that rows are of, in the order in which they appeared.</summary>
    public IReadOnlyList<string> Regions => _names;

    /// <summary>Rows.</summary>
    public int Count => _minutes.Count;

    /// <summary>Events read.</summary>
    public long Events { get; internal set; }

    /// <summary>Events that the engine refused or dropped as duplicates; they count neither as features nor as demand.</summary>
    public long Refused { get; internal set; }

    /// <summary>Receive time of the first event.</summary>
    public DateTimeOffset FirstEventAt { get; internal set; }

    /// <summary>The end of the data: no demand was counted past it.</summary>
    public DateTimeOffset EndsAt { get; internal set; }

    /// <summary>SHA-256 over all events as they were read: 64 lower-case hexadecimal digits.</summary>
    public string DataSha256 { get; internal set; } = "";

    /// <summary>The part of the sampled rows that was kept: 1, or 1/2, 1/4 and so on where there were too many.</summary>
    public double KeptShare { get; internal set; } = 1;

    /// <summary>How much of what a panel counts one booking stands for; errors are in that unit.</summary>
    public double UnitsPerBooking { get; internal init; } = 1;

    /// <summary>The time of a row: it knows what was received before.</summary>
    public DateTimeOffset TimeOf(int row) => UnixMicros.ToTime(_minutes[row] * UnixMicros.PerMinute);

    /// <summary>The region of a row.</summary>
    public string RegionOf(int row) => _names[_regions[row]];

    /// <summary>The features of a row, in schema order; missing ones are not a number.</summary>
    public ReadOnlySpan<float> FeaturesOf(int row) =>
        _features[row / ChunkRows].AsSpan(row % ChunkRows * Schema.Count, Schema.Count);

    /// <summary>Bookings that occurred from the time of the row on, up to but not including the end of the horizon.</summary>
    /// <param name="row">Its number, from 0.</param>
    /// <param name="horizon">The index of the horizon, from 0.</param>
    public float DemandOf(int row, int horizon) => _demand[(row * HorizonsMinutes.Count) + horizon];

    /// <summary>What a baseline says of a row.</summary>
    /// <param name="row">Its number, from 0.</param>
    /// <param name="horizon">The index of the horizon, from 0.</param>
    /// <param name="baseline">Which baseline.</param>
    public float BaselineOf(int row, int horizon, DemandBaseline baseline) =>
        _baselines[(((row * HorizonsMinutes.Count) + horizon) * DemandBaselines.Count) + (int)baseline];

    /// <summary>The index of the first row at or after a time; <see cref="Count"/> when there is none.</summary>
    public int FirstRowFrom(DateTimeOffset time)
    {
        // The first whole minute that is not before the time.
        long minute = UnixMicros.MinuteOf(UnixMicros.From(time) + UnixMicros.PerMinute - 1);
        int at = _minutes.BinarySearch(minute);
        at = at < 0 ? ~at : at;
        while (at > 0 && _minutes[at - 1] >= minute)
        {
            at--;
        }

        return at;
    }

    internal long MinuteOf(int row) => _minutes[row];

    internal int RegionNumberOf(int row) => _regions[row];

    internal RegionSignals SignalsOf(int row) => _signals[row];

    internal void AddRegion(string id) => _names.Add(id);

    internal void Add(int region, long minute, ReadOnlySpan<float> features, in RegionSignals signals, ReadOnlySpan<float> baselines)
    {
        if (Count % ChunkRows == 0 && _features.Count == Count / ChunkRows)
        {
            _features.Add(new float[ChunkRows * Schema.Count]);
        }

        features.CopyTo(_features[Count / ChunkRows].AsSpan(Count % ChunkRows * Schema.Count));
        _regions.Add(region);
        _minutes.Add(minute);
        _signals.Add(signals);
        _baselines.AddRange(baselines);
    }

    /// <summary>Drops the rows whose horizon reaches past the end, and counts the demand of the others.</summary>
    internal void CountDemand(long endMinute, IReadOnlyList<BookingCounts> bookings)
    {
        long lastMinute = endMinute - HorizonsMinutes[^1];
        Keep(row => _minutes[row] <= lastMinute);
        _demand.EnsureCapacity(Count * HorizonsMinutes.Count);
        for (int row = 0; row < Count; row++)
        {
            foreach (int horizon in HorizonsMinutes)
            {
                _demand.Add(bookings[_regions[row]].CountIn(_minutes[row], _minutes[row] + horizon));
            }
        }
    }

    /// <summary>Drops the rows that a condition does not hold for; before demand is counted.</summary>
    internal void Keep(Func<int, bool> condition)
    {
        int baselines = HorizonsMinutes.Count * DemandBaselines.Count;
        int kept = 0;
        for (int row = 0; row < Count; row++)
        {
            if (!condition(row))
            {
                continue;
            }

            if (kept != row)
            {
                FeaturesOf(row).CopyTo(_features[kept / ChunkRows].AsSpan(kept % ChunkRows * Schema.Count));
                (_regions[kept], _minutes[kept], _signals[kept]) = (_regions[row], _minutes[row], _signals[row]);
                for (int i = 0; i < baselines; i++)
                {
                    _baselines[(kept * baselines) + i] = _baselines[(row * baselines) + i];
                }
            }

            kept++;
        }

        _regions.RemoveRange(kept, _regions.Count - kept);
        _minutes.RemoveRange(kept, _minutes.Count - kept);
        _signals.RemoveRange(kept, _signals.Count - kept);
        _baselines.RemoveRange(kept * baselines, _baselines.Count - (kept * baselines));
    }
}
