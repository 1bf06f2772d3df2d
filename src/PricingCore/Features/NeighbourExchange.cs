using PricingCore.Events;
using PricingCore.Regions;

namespace PricingCore.Features;

/// <summary>One shard's side of the <see cref="NeighbourBoard"/>: posts its own regions, reads the neighbours of one.</summary>
/// <remarks>Only regions known from the start take part: they alone have neighbours.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class NeighbourExchange
{
    private const float EventShareOfNeighbours = 0.5f;

    private readonly NeighbourBoard _board;
    private readonly RegionStates _states;
    private readonly RegionDirectory _regions;
    private readonly int[] _own;
    private readonly int _shard;
    private readonly int _bookings15;
    private long _posting;
    private long _postedMinute;

    public NeighbourExchange(NeighbourBoard board, RegionStates states, RegionDirectory regions, int knownRegions, int shard, int shards)
    {
        _board = board;
        _states = states;
        _regions = regions;
        _shard = shard;
        _bookings15 = states.Columns.CellOf(MarketEventKind.Booking, ColumnMeasure.Count, WindowKind.Sliding, 15);
        _own = regions.HasNeighbours
            ? [.. Enumerable.Range(0, knownRegions).Where(region => regions.ShardOf(region, shards) == shard)]
            : [];
    }

    /// <summary>Posts the shard's regions when a tick is the first of its minute.</summary>
    /// <param name="store">Where the regions' state is.</param>
    /// <param name="tickMinute">The minute of the tick itself, the same for every shard; a shard's own time may be ahead of it.</param>
    /// <param name="stopping">Ends the wait for other shards.</param>
    public void PostIfMinuteIsNew(FeatureStore store, long tickMinute, CancellationToken stopping)
    {
        if (!_regions.HasNeighbours || tickMinute <= _postedMinute)
        {
            return;
        }

        _postedMinute = tickMinute;
        _posting++;
        foreach (int region in _own)
        {
            ref RegionState state = ref store.BringUpToDate(region);
            _board.Write(_posting, region, new NeighbourBoard.Entry
            {
                Bookings15Min = _states.Windows.Read(region, _bookings15),
                AvailableSupply = state.AvailableUnits + state.AvailableStock,
                EventScore = state.External.StrongestEvent(store.Now),
                MultiplierSteps = state.LastMultiplierSteps,
            });
        }

        _board.Complete(_posting, _shard, stopping);
    }

    /// <summary>What the neighbours of a region showed in the posting before the latest.</summary>
    public NeighbourView Read(int region)
    {
        var view = default(NeighbourView);
        if (_posting < 2)
        {
            return view;
        }

        long steps = 0;
        int priced = 0;
        foreach (int neighbour in _regions.NeighboursOf(region))
        {
            ref readonly NeighbourBoard.Entry entry = ref _board.Read(_posting - 1, neighbour);
            view.Bookings15Min += entry.Bookings15Min;
            view.AvailableSupply += entry.AvailableSupply;
            view.EventScore = Math.Max(view.EventScore, EventShareOfNeighbours * entry.EventScore);
            steps += entry.MultiplierSteps;
            priced += entry.MultiplierSteps > 0 ? 1 : 0;
        }

        view.MultiplierSteps = priced == 0 ? 0 : (int)(steps / priced);
        return view;
    }
}
