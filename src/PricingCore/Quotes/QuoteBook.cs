using PricingCore.Surge;

namespace PricingCore.Quotes;

/// <summary>The decisions that quotes are read from: written by one loop, read by any thread without waiting.</summary>
/// <remarks>
/// A decision is an immutable object; putting it in is one release store of its reference and reading it one acquire
/// load, so a reader sees all of a decision or none of it. The book is bounded: the lane decided longest ago makes room. Order of
/// decision rather than of reading, since readers are not in the ring and what the loop does follows from the ring alone; a decision that is
/// read is renewed before it ends, so what is read often stays.
/// </remarks>
/// <threadsafety><see cref="Read"/>: any thread. The rest: the shard's loop.</threadsafety>
internal sealed class QuoteBook
{
    private readonly SurgeDecision?[][] _decisions;
    private readonly int _capacity;
    private int _count;
    private long _written;
    private SurgeMemory.Lane? _oldest;
    private SurgeMemory.Lane? _newest;

    /// <param name="maxRegions">Regions there can be.</param>
    /// <param name="capacity">The most decisions.</param>
    public QuoteBook(int maxRegions, int capacity)
    {
        _decisions = new SurgeDecision?[maxRegions][];
        Array.Fill(_decisions, []);
        _capacity = capacity;
    }

    /// <summary>Decisions in the book.</summary>
    public int Count => _count;

    /// <summary>The decision of a region and product, whether it still holds or not; null when there is none.</summary>
    public SurgeDecision? Read(int region, int product)
    {
        SurgeDecision?[] products = Volatile.Read(ref _decisions[region]);
        return (uint)product < (uint)products.Length ? Volatile.Read(ref products[product]) : null;
    }

    /// <summary>Puts a decision in, in place of the lane's last.</summary>
    public void Write(SurgeMemory.Lane lane, SurgeDecision decision)
    {
        SurgeDecision?[] products = _decisions[lane.Region];
        if (lane.Product >= products.Length)
        {
            Array.Resize(ref products, lane.Product + 1);
            Volatile.Write(ref _decisions[lane.Region], products); // Readers of the shorter copy miss, and ask.
        }

        Volatile.Write(ref products[lane.Product], decision);
        if (lane.IsInBook)
        {
            Unlink(lane);
        }
        else if (_count == _capacity)
        {
            Remove(_oldest!);
        }

        LinkNewest(lane);
    }

    /// <summary>The most decisions.</summary>
    public int Capacity => _capacity;

    /// <summary>Decisions put in so far.</summary>
    public long Written => _written;

    /// <summary>Puts decisions back that an earlier life of the engine had put in, into an empty book.</summary>
    /// <param name="decisions">At most <see cref="Capacity"/>, with their lanes; <see cref="SurgeMemory.Lane.WrittenAs"/> says in which order.</param>
    /// <param name="written">What <see cref="Written"/> was.</param>
    public void Restore(List<(SurgeMemory.Lane Lane, SurgeDecision Decision)> decisions, long written)
    {
        foreach ((SurgeMemory.Lane lane, SurgeDecision decision) in decisions.OrderBy(held => held.Lane.WrittenAs).ToArray())
        {
            _written = lane.WrittenAs - 1;
            Write(lane, decision);
        }

        _written = written;
    }

    /// <summary>Drops the decisions of a region.</summary>
    public void Invalidate(int region, SurgeMemory memory)
    {
        SurgeDecision?[] products = _decisions[region];
        for (int product = 0; product < products.Length; product++)
        {
            if (products[product] is not null)
            {
                Remove(memory.Of(region, product));
            }
        }
    }

    /// <summary>Drops every decision.</summary>
    public void InvalidateAll()
    {
        while (_oldest is not null)
        {
            Remove(_oldest);
        }
    }

    private void Remove(SurgeMemory.Lane lane)
    {
        Volatile.Write(ref _decisions[lane.Region][lane.Product], null);
        Unlink(lane);
    }

    private void LinkNewest(SurgeMemory.Lane lane)
    {
        lane.IsInBook = true;
        lane.WrittenAs = ++_written;
        lane.Older = _newest;
        lane.Newer = null;
        if (_newest is null)
        {
            _oldest = lane;
        }
        else
        {
            _newest.Newer = lane;
        }

        _newest = lane;
        _count++;
    }

    private void Unlink(SurgeMemory.Lane lane)
    {
        if (lane.Older is null)
        {
            _oldest = lane.Newer;
        }
        else
        {
            lane.Older.Newer = lane.Newer;
        }

        if (lane.Newer is null)
        {
            _newest = lane.Older;
        }
        else
        {
            lane.Newer.Older = lane.Older;
        }

        (lane.Older, lane.Newer, lane.IsInBook) = (null, null, false);
        _count--;
    }
}
