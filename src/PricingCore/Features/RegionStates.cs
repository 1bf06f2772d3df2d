using System.Runtime.CompilerServices;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>All that is kept by region, for all shards together: each region is written by the one loop that holds it.</summary>
internal sealed class RegionStates
{
    private readonly RegionState[] _states;
    private readonly RegionCopy?[] _copies = new RegionCopy?[byte.MaxValue + 1];

    public RegionStates(FeatureSchema schema, int maxRegions)
    {
        Schema = schema;
        Counts = new RegionWindows<int>(WindowColumns.CountsOf(schema), maxRegions);
        Values = new RegionWindows<long>(WindowColumns.ValuesOf(schema), maxRegions);
        History = new DemandHistory(maxRegions);
        Lagged = new LaggedHours(schema, maxRegions);
        Rows = new PublishedRows(maxRegions, schema.Count);
        _states = HugePages.AllocateArray<RegionState>(maxRegions);
    }

    /// <summary>Elements that a region takes in the array where it takes most: what bounds the regions an engine can hold.</summary>
    public static int MostElementsPerRegion(FeatureSchema schema) =>
        new[]
        {
            RegionWindows<int>.StrideOf(WindowColumns.CountsOf(schema)), RegionWindows<long>.StrideOf(WindowColumns.ValuesOf(schema)),
            schema.Count, LaggedHours.CellsPerRegion(schema),
        }.Max();

    public FeatureSchema Schema { get; }

    public RegionWindows<int> Counts { get; }

    public RegionWindows<long> Values { get; }

    public DemandHistory History { get; }

    public LaggedHours Lagged { get; }

    public PublishedRows Rows { get; }

    /// <summary>A region, to read or to change: its windows, hours and lagged hours change after this only. On the loop that holds it.</summary>
    /// <remarks>While a snapshot is copied, the region is copied first as it was when the snapshot was cut.</remarks>
    public ref RegionState this[int region]
    {
        get
        {
            ref RegionState state = ref _states[region];
            if (state.CopyDue != 0)
            {
                CopyFirst(region, ref state);
            }

            return ref state;
        }
    }

    /// <summary>Loads a region into the cache; any loop may.</summary>
    public long TouchAhead(int region) => _states[region].Minute;

    /// <summary>Has regions copied before they change next.</summary>
    /// <param name="shard">Whose they are.</param>
    /// <param name="own">The regions.</param>
    /// <param name="copy">Where they go.</param>
    public void CopyBeforeChange(int shard, ReadOnlySpan<int> own, RegionCopy copy)
    {
        byte due = checked((byte)(shard + 1));
        _copies[due] = copy;
        foreach (int region in own)
        {
            _states[region].CopyDue = due;
        }
    }

    /// <summary>Copies a region now, if it still is to be copied.</summary>
    public void CopyIfDue(int region)
    {
        ref RegionState state = ref _states[region];
        if (state.CopyDue != 0)
        {
            CopyFirst(region, ref state);
        }
    }

    /// <summary>Writes all that is kept of a region, published rows apart: the next event or minute publishes them again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer, int region)
    {
        ref readonly RegionState state = ref _states[region];
        state.Save(writer);
        if (state.Minute != 0)
        {
            writer.WritePacked(Counts.CellsOf(region));
            writer.WritePacked(Values.CellsOf(region));
            History.Save(writer, region, hasProfile: state.HoursLearned > 0);
            Lagged.Save(writer, region);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for a region that nothing is known of yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(StateReader reader, int region)
    {
        ref RegionState state = ref _states[region];
        state.Load(reader);
        if (state.Minute != 0)
        {
            reader.ReadPacked(Counts.CellsOf(region));
            reader.ReadPacked(Values.CellsOf(region));
            History.Load(reader, region, hasProfile: state.HoursLearned > 0);
            Lagged.Load(reader, region);
        }
    }

    private void CopyFirst(int region, ref RegionState state)
    {
        RegionCopy copy = _copies[state.CopyDue]!;
        state.CopyDue = 0;
        copy.Add(region);
    }
}
