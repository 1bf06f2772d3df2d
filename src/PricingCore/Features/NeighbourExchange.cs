using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Regions;
using PricingCore.Snapshots;

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
        _bookings15 = states.Counts.Columns.CellOf(MarketEventKind.Booking, ColumnMeasure.Count, WindowKind.Sliding, 15);
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
                Bookings15Min = _states.Counts.Read(region, _bookings15),
                AvailableSupply = state.AvailableUnits + state.AvailableStock,
                EventScore = state.External.StrongestEvent(store.Now),
                MultiplierSteps = state.LastMultiplierSteps,
            });
        }

        _board.Complete(_posting, _shard, stopping);
    }

    /// <summary>Writes the shard's part of the board. Shards that are cut at the same tick have the same posting.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Neighbours);
        writer.Write(_posting);
        writer.Write(_postedMinute);
        writer.Write(_own.Length);
        foreach (int region in _own)
        {
            _board.Save(writer, region);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; nothing has been posted yet.</summary>
    /// <exception cref="SnapshotException">The shard had other regions.</exception>
    public void Load(StateReader reader)
    {
        reader.Expect(StateSection.Neighbours);
        _posting = reader.Read<long>();
        _postedMinute = reader.Read<long>();
        int count = reader.Read<int>();
        if (count != _own.Length || _posting < 0)
        {
            throw new SnapshotException(
                $"The snapshot has {count} regions with neighbours in this shard where PricingOptions.Regions has {_own.Length}: start with the regions that it was taken with.");
        }

        foreach (int region in _own)
        {
            _board.Load(reader, region);
        }

        _board.Restore(_posting, _shard);
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
