using System.Numerics;
using PricingCore.Events;
using PricingCore.Snapshots;

namespace PricingCore;

/// <summary>Requests for decisions and forecasts that wait until the model has answered for their region, oldest first.</summary>
/// <remarks>
/// A circular buffer in the order of asking, which is the order of deadlines; the requests of one region are linked through it.
/// What is answered out of turn leaves a gap until the oldest before it has gone too.
/// </remarks>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class PendingRequests
{
    private readonly Entry[] _entries;
    private readonly long[] _firstOfRegion; // Position + 1; 0 when nothing waits.
    private readonly long _mask;
    private long _head;
    private long _tail;

    /// <param name="capacity">The most that may wait; rounded up to a power of two.</param>
    /// <param name="maxRegions">Regions there can be.</param>
    public PendingRequests(int capacity, int maxRegions)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _entries = new Entry[size];
        _firstOfRegion = new long[maxRegions];
        _mask = size - 1;
    }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _head == _tail;

    /// <summary>When the oldest was asked; only when there is one.</summary>
    public long OldestAskedAt => At(_head).AskedAt;

    /// <summary>Whether anything of the region waits.</summary>
    public bool IsAnyOf(int region) => _firstOfRegion[region] != 0;

    /// <summary>Adds a request; <see langword="false"/> when as many wait as may.</summary>
    public bool TryAdd(in AcceptedEvent request, int horizonMinutes, long askedAt)
    {
        if (_tail - _head == _entries.Length)
        {
            return false;
        }

        At(_tail) = new Entry { Request = request, HorizonMinutes = horizonMinutes, AskedAt = askedAt };
        ref long link = ref _firstOfRegion[request.Region];
        while (link != 0)
        {
            link = ref At(link - 1).NextOfRegion;
        }

        link = ++_tail;
        return true;
    }

    /// <summary>Takes the oldest request of a region that waits for a horizon.</summary>
    public bool TryTakeOf(int region, int horizonMinutes, out AcceptedEvent request)
    {
        ref long link = ref _firstOfRegion[region];
        while (link != 0 && At(link - 1).HorizonMinutes != horizonMinutes)
        {
            link = ref At(link - 1).NextOfRegion;
        }

        if (link == 0)
        {
            request = default;
            return false;
        }

        ref Entry entry = ref At(link - 1);
        request = entry.Request;
        link = entry.NextOfRegion;
        entry.Request.Kind = MarketEventKind.None;
        SkipTaken();
        return true;
    }

    /// <summary>Takes the oldest request of all, if it was asked by a time.</summary>
    public bool TryTakeAskedBy(long time, out AcceptedEvent request)
    {
        if (IsEmpty || OldestAskedAt > time)
        {
            request = default;
            return false;
        }

        ref Entry oldest = ref At(_head);
        return TryTakeOf(oldest.Request.Region, oldest.HorizonMinutes, out request);
    }

    /// <summary>Each region and horizon that is waited for, once or more, oldest first.</summary>
    public IEnumerable<(int Region, int HorizonMinutes)> All()
    {
        for (long position = _head; position < _tail; position++)
        {
            Entry entry = At(position);
            if (entry.Request.Kind != MarketEventKind.None)
            {
                yield return (entry.Request.Region, entry.HorizonMinutes);
            }
        }
    }

    /// <summary>Writes the requests that wait, gaps included. Who asked is not written: after a restart nobody waits for the answer.</summary>
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Pending);
        writer.Write(_head);
        writer.Write((int)(_tail - _head));
        for (long position = _head; position < _tail; position++)
        {
            Entry entry = At(position);
            entry.Request.Receipt = 0;
            writer.Write(entry.Request);
            writer.Write(entry.AskedAt);
            writer.Write(entry.HorizonMinutes);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; nothing waits yet.</summary>
    /// <param name="reader">The snapshot.</param>
    /// <param name="regions">Regions there are.</param>
    /// <param name="products">Products there are.</param>
    /// <exception cref="SnapshotException">It does not fit, or is about a region or product that is not there.</exception>
    public void Load(StateReader reader, int regions, int products)
    {
        reader.Expect(StateSection.Pending);
        _head = reader.Read<long>();
        if (_head is < 0 or > long.MaxValue / 2)
        {
            throw new SnapshotException($"The snapshot's first waiting request has number {_head}.");
        }

        _tail = _head;
        int count = reader.ReadCount(_entries.Length, "waiting requests (PricingOptions.MaxWaitingRequests)");
        var lastOfRegion = new Dictionary<int, long>(); // Position + 1, as links are.
        for (int i = 0; i < count; i++)
        {
            var entry = new Entry { Request = reader.Read<AcceptedEvent>(), AskedAt = reader.Read<long>(), HorizonMinutes = reader.Read<int>() };
            At(_tail++) = entry;
            if (entry.Request.Kind != MarketEventKind.None)
            {
                CheckRequest(entry.Request, regions, products);
                ref long link = ref lastOfRegion.TryGetValue(entry.Request.Region, out long last)
                    ? ref At(last - 1).NextOfRegion
                    : ref _firstOfRegion[entry.Request.Region];
                link = _tail;
                lastOfRegion[entry.Request.Region] = _tail;
            }
        }

        SkipTaken();
    }

    private static void CheckRequest(in AcceptedEvent request, int regions, int products)
    {
        bool isForecast = request.Kind == MarketEventKind.ForecastRequested;
        if (!(isForecast || (request.Kind == MarketEventKind.DecisionRequested && request.Product < products))
            || request.Region < 0 || request.Region >= regions)
        {
            throw new SnapshotException($"The snapshot holds a request of kind {request.Kind} for region {request.Region} of {regions} and product {request.Product} of {products}.");
        }
    }

    private ref Entry At(long position) => ref _entries[position & _mask];

    private void SkipTaken()
    {
        while (_head < _tail && At(_head).Request.Kind == MarketEventKind.None)
        {
            _head++;
        }
    }

    private struct Entry
    {
        public AcceptedEvent Request;
        public long AskedAt;
        public long NextOfRegion;
        public int HorizonMinutes;
    }
}
