using PricingCore.Events;
using PricingCore.Ring;

namespace PricingCore.Journal;

/// <summary>Lets a loop have its records only after the journal has them: copies what is new in the ring to the lane, and says how much of it may be handled.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
/// <param name="ring">The loop's ring.</param>
/// <param name="lane">The loop's lane.</param>
/// <param name="writesAfter">
/// Whether records go into the journal only once they are handled, and so after what came of them: in a replay of events, which has nothing to lose, the forecasts that the loop makes
/// itself stand before the records that they were made for.
/// </param>
internal sealed class WriteAhead(EventRing<AcceptedEvent> ring, JournalLane lane, bool writesAfter = false)
{
    private readonly long[] _sequences = new long[ring.Capacity];
    private readonly int _mask = ring.Capacity - 1;
    private long _handled;
    private long _copied;

    /// <summary>Records at the ring's head that may be handled now, up to a limit.</summary>
    public int Ready(int max)
    {
        if (writesAfter)
        {
            return ring.Available(max);
        }

        CopyWhatIsNew();
        long ready = lane.ReadySequence;
        int count = (int)Math.Min(max, _copied - _handled);
        while (count > 0 && _sequences[(_handled + count - 1) & _mask] > ready)
        {
            count--;
        }

        return count;
    }

    /// <summary>Frees the oldest records in the ring, once they are handled.</summary>
    public void Release(int count)
    {
        if (writesAfter)
        {
            PutHandled(count);
        }

        _handled += count;
        ring.Release(count);
    }

    /// <summary>The number of the record at an offset from the ring's head, among those that are ready.</summary>
    public long SequenceOf(int offset) => _sequences[(_handled + offset) & _mask];

    /// <summary>Whether the engine cannot get any further: it ends, and the disk fails.</summary>
    public bool IsStuck => lane.IsAbandoned;

    private void PutHandled(int count)
    {
        for (int put = 0; put < count;)
        {
            ReadOnlySpan<AcceptedEvent> records = ring.PeekSpan(put, count - put);
            int empty = CountEmpty(records);
            records = records[empty..];
            records = records[..CountUntilEmpty(records)];
            lane.Put(records);
            put += empty + records.Length;
        }
    }

    private void CopyWhatIsNew()
    {
        int ahead = (int)(_copied - _handled);
        if (ahead == ring.Capacity)
        {
            return;
        }

        int count = Math.Min(ring.AvailableAfter(ahead, ring.Capacity), lane.Room);
        while (count > 0)
        {
            ReadOnlySpan<AcceptedEvent> records = ring.PeekSpan((int)(_copied - _handled), count);
            int empty = CountEmpty(records);
            if (empty > 0)
            {
                Number(empty, lane.PutSequence, step: 0); // Slots that were claimed and came to nothing: there is nothing to write.
                count -= empty;
                continue;
            }

            records = records[..CountUntilEmpty(records)];
            Number(records.Length, lane.Put(records), step: 1);
            count -= records.Length;
        }
    }

    private void Number(int count, long first, int step)
    {
        for (int i = 0; i < count; i++)
        {
            _sequences[(_copied + i) & _mask] = first + (i * step);
        }

        _copied += count;
    }

    private static int CountEmpty(ReadOnlySpan<AcceptedEvent> records)
    {
        int count = 0;
        while (count < records.Length && records[count].Kind == MarketEventKind.None)
        {
            count++;
        }

        return count;
    }

    private static int CountUntilEmpty(ReadOnlySpan<AcceptedEvent> records)
    {
        int count = 0;
        while (count < records.Length && records[count].Kind != MarketEventKind.None)
        {
            count++;
        }

        return count;
    }
}
