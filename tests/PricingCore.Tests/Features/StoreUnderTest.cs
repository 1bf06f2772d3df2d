using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Tests.Features;

/// <summary>Gate and feature store on the test's own thread, without rings and loops: what a loop does with events, step by step.</summary>
internal sealed class StoreUnderTest
{
    private readonly EventGate _gate;
    private readonly SupplyTracker _supply;

    public StoreUnderTest(FeatureSchema schema, IReadOnlyList<Region> regions, TimeSpan unitTimeout, int maxUnits = 1_000, int maxSessions = 10_000)
    {
        Regions = new RegionDirectory(regions, open: true, capacity: 16, "UTC");
        States = new RegionStates(schema, 16);
        var clocks = new RegionClocks(Regions);
        var outdated = new OutdatedRows(States, isUsed: false);
        _supply = new SupplyTracker(States, outdated, maxUnits, UnixMicros.From(unitTimeout));
        Store = new FeatureStore(States, Regions, clocks, _supply, outdated, maxSessions);
        var board = new NeighbourBoard(Regions.HasNeighbours ? regions.Count : 0, shards: 1);
        Neighbours = new NeighbourExchange(board, States, Regions, regions.Count, shard: 0, shards: 1);
        Reader = new FeatureReader(Store, States, clocks, Neighbours);
        _gate = new EventGate(
            Regions, new NameTable(4), new RateLimits(0, 0, 16), new byte[16], 15 * UnixMicros.PerMinute, 5 * UnixMicros.PerSecond);
    }

    public EventGate Gate => _gate;

    public RegionDirectory Regions { get; }

    public RegionStates States { get; }

    public FeatureStore Store { get; }

    public FeatureReader Reader { get; }

    public NeighbourExchange Neighbours { get; }

    /// <summary>Passes an event through the gate and into the store.</summary>
    public Rejection Publish(in MarketEvent e, long receivedAt)
    {
        Rejection reason = _gate.TryAccept(e, receivedAt, out AcceptedEvent accepted);
        if (reason == Rejection.None)
        {
            Store.MoveTo(receivedAt);
            Store.Apply(accepted);
        }

        return reason;
    }

    /// <summary>What the loop does when time has passed.</summary>
    public void Tick(long now)
    {
        Store.MoveTo(now);
        _supply.Expire(now);
        Neighbours.PostIfMinuteIsNew(Store, UnixMicros.MinuteOf(now), CancellationToken.None);
    }

    public float[] Read(string region)
    {
        float[] row = new float[States.Schema.Count];
        Reader.ReadRow(Regions.FindOrAdd(region), row);
        return row;
    }
}
