namespace PricingCore.Features;

/// <summary>All that is kept by region, for all shards together: each region is written by the one loop that holds it.</summary>
internal sealed class RegionStates
{
    private readonly RegionState[] _states;

    public RegionStates(FeatureSchema schema, int maxRegions)
    {
        Schema = schema;
        Columns = WindowColumns.For(schema);
        Windows = new RegionWindows(Columns, maxRegions);
        History = new DemandHistory(maxRegions);
        Lagged = new LaggedHours(schema, maxRegions);
        Rows = new PublishedRows(maxRegions, schema.Count);
        _states = HugePages.AllocateArray<RegionState>(maxRegions);
    }

    /// <summary>Elements that a region takes in the array where it takes most: what bounds the regions an engine can hold.</summary>
    public static int MostElementsPerRegion(FeatureSchema schema) =>
        Math.Max(WindowColumns.For(schema).CellsPerRegion + 7, Math.Max(schema.Count, LaggedHours.CellsPerRegion(schema)));

    public FeatureSchema Schema { get; }

    public WindowColumns Columns { get; }

    public RegionWindows Windows { get; }

    public DemandHistory History { get; }

    public LaggedHours Lagged { get; }

    public PublishedRows Rows { get; }

    public ref RegionState this[int region] => ref _states[region];
}
