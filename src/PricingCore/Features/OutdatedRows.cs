using System.Runtime.InteropServices;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>The regions whose published row is older than their state, each once.</summary>
/// <param name="states">What is kept by region.</param>
/// <param name="isUsed">Whether anybody asks for rows, or for forecasts of them.</param>
/// <param name="isRead">Whether anybody reads published rows: not in the replay of a journal, where they only matter to a plan of models.</param>
/// <threadsafety>One thread.</threadsafety>
internal sealed class OutdatedRows(RegionStates states, bool isUsed, bool isRead = true)
{
    private readonly List<int> _regions = [];
    private readonly List<int> _seen = [];
    private long _minute;

    /// <summary>Notes that a region has changed.</summary>
    public void Add(int region)
    {
        ref RegionState state = ref states[region];
        if (isUsed && !state.IsRowKnown)
        {
            state.IsRowKnown = true;
            _seen.Add(region);
        }

        if (isUsed && !state.IsRowOutdated)
        {
            state.IsRowOutdated = true;
            _regions.Add(region);
        }
    }

    /// <summary>Notes every region seen so far as changed.</summary>
    public void AddAllSeen() => _seen.ForEach(Add);

    /// <summary>Writes which regions wait, in their order.</summary>
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Rows);
        writer.Write(_minute);
        writer.Write(_seen.Count);
        writer.Write<int>(CollectionsMarshal.AsSpan(_seen));
        writer.Write(_regions.Count);
        writer.Write<int>(CollectionsMarshal.AsSpan(_regions));
    }

    /// <summary>Reads what <see cref="Save"/> wrote. The rows themselves are published with the next event or minute.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="regions">Regions there are.</param>
    /// <exception cref="SnapshotException">It speaks of a region that is not there.</exception>
    public void Load(StateReader reader, int regions)
    {
        reader.Expect(StateSection.Rows);
        _minute = reader.Read<long>();
        Load(reader, _seen, regions);
        Load(reader, _regions, regions);
    }

    private static void Load(StateReader reader, List<int> list, int regions)
    {
        int count = reader.ReadCount(regions, "regions with rows");
        list.Clear();
        for (int i = 0; i < count; i++)
        {
            list.Add(reader.ReadNumber(regions, "region"));
        }
    }

    /// <summary>Publishes the row of every region that has changed; in a new minute of every region seen, since windows have moved.</summary>
    /// <param name="reader">Reads the rows.</param>
    /// <param name="now">The time, in microseconds.</param>
    /// <param name="minute">Its minute.</param>
    /// <param name="row">Room for a row.</param>
    /// <param name="changed">Told of each row.</param>
    /// <param name="watch">Told of those that are published; null for nobody.</param>
    public void Publish(FeatureReader reader, long now, long minute, Span<float> row, IRowListener changed, IRowListener? watch = null)
    {
        if (minute != _minute)
        {
            _minute = minute;
            AddAllSeen();
        }

        foreach (int region in _regions)
        {
            if (isRead || changed.NeedsRows)
            {
                reader.ReadRow(region, row);
                states.Rows.Write(region, row, now);
                changed.Refresh(region, row, now);
                watch?.Refresh(region, row, now);
            }

            states[region].IsRowOutdated = false;
        }

        _regions.Clear();
    }
}
