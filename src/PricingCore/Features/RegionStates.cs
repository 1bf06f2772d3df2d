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
        LaggedHours = new LaggedHours(schema, maxRegions);
        Rows = new PublishedRows(maxRegions, schema.Count);
        _states = HugePages.AllocateArray<RegionState>(maxRegions);
    }

    public FeatureSchema Schema { get; }

    public WindowColumns Columns { get; }

    public RegionWindows Windows { get; }

    public DemandHistory History { get; }

    public LaggedHours LaggedHours { get; }

    public PublishedRows Rows { get; }

    public ref RegionState this[int region] => ref _states[region];
}
