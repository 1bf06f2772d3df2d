using System.Numerics;

namespace PricingCore.Events;

/// <summary>The idempotency keys seen within a window: exact, in fixed memory, oldest out first.</summary>
/// <remarks>
/// Keys stand in a queue in order of arrival, which is also the order in which they expire; an open-addressing index
/// over the queue finds them. A caller must <see cref="TryReserve"/> room before an event with a key enters the ring, so that the
/// loop never has to forget a key early. A key is its 96-bit hash: a million live keys collide once in 10^17.
/// </remarks>
/// <threadsafety><see cref="TryReserve"/> and <see cref="Release"/>: any thread. The rest: the loop only.</threadsafety>
internal sealed class IdempotencyKeys
{
    private readonly SeenKey[] _queue;
    private readonly int[] _index; // Position in the queue plus one; 0 is empty.
    private readonly int _mask;
    private readonly long _windowMicros;
    private long _head;
    private long _tail;
    private int _reserved;

    /// <param name="capacity">The most keys at a time.</param>
    /// <param name="windowMicros">How long a key is remembered.</param>
    public IdempotencyKeys(int capacity, long windowMicros)
    {
        _queue = new SeenKey[capacity];
        _index = new int[(int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
        _mask = _index.Length - 1;
        _windowMicros = windowMicros;
    }

    /// <summary>Keys remembered or on their way through the ring.</summary>
    public int Reserved => Volatile.Read(ref _reserved);

    /// <summary>Makes room for one more key; <see langword="false"/> when there is none.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= _queue.Length)
        {
            return true;
        }

        Interlocked.Decrement(ref _reserved);
        return false;
    }

    /// <summary>Gives back room that was reserved for an event that did not enter the ring.</summary>
    public void Release() => Interlocked.Decrement(ref _reserved);

    /// <summary>Remembers a key that has room reserved.</summary>
    /// <returns><see langword="false"/> when it was seen within the window.</returns>
    public bool TryAdd(ulong low, uint high, long now)
    {
        Expire(now);
        int slot = SlotOf(low);
        while (_index[slot] != 0)
        {
            ref readonly SeenKey entry = ref _queue[_index[slot] - 1];
            if (entry.Low == low && entry.High == high)
            {
                Release();
                return false;
            }

            slot = (slot + 1) & _mask;
        }

        int place = (int)(_tail % _queue.Length);
        _queue[place] = new SeenKey { Low = low, High = high, SeenAt = now };
        _index[slot] = place + 1;
        _tail++;
        return true;
    }

    /// <summary>Forgets the keys whose window has passed.</summary>
    public void Expire(long now)
    {
        int expired = 0;
        while (_head < _tail && _queue[_head % _queue.Length].SeenAt + _windowMicros <= now)
        {
            RemoveFromIndex((int)(_head % _queue.Length));
            _head++;
            expired++;
        }

        if (expired > 0)
        {
            Interlocked.Add(ref _reserved, -expired);
        }
    }

    /// <summary>Keys remembered.</summary>
    public int Count => (int)(_tail - _head);

    /// <summary>The keys, oldest first.</summary>
    /// <param name="first">Those up to the end of the memory.</param>
    /// <param name="second">Those after it.</param>
    public void Read(out ReadOnlySpan<SeenKey> first, out ReadOnlySpan<SeenKey> second)
    {
        int from = (int)(_head % _queue.Length);
        int untilEnd = Math.Min(Count, _queue.Length - from);
        first = _queue.AsSpan(from, untilEnd);
        second = _queue.AsSpan(0, Count - untilEnd);
    }

    /// <summary>Reserves room and remembers a key as it was remembered before; oldest first, into an empty queue.</summary>
    /// <returns><see langword="false"/> when there is no room.</returns>
    public bool TryRestore(in SeenKey key) => TryReserve() && TryAdd(key.Low, key.High, key.SeenAt);

    private int SlotOf(ulong low) => (int)(low & (ulong)_mask);

    private void RemoveFromIndex(int place)
    {
        int slot = SlotOf(_queue[place].Low);
        while (_index[slot] != place + 1)
        {
            slot = (slot + 1) & _mask;
        }

        // Close the gap: move back every follower that would no longer be found past the hole.
        int hole = slot;
        int next = (hole + 1) & _mask;
        while (_index[next] != 0)
        {
            int home = SlotOf(_queue[_index[next] - 1].Low);
            if (((next - home) & _mask) >= ((next - hole) & _mask))
            {
                _index[hole] = _index[next];
                hole = next;
            }

            next = (next + 1) & _mask;
        }

        _index[hole] = 0;
    }

    /// <summary>A key, and when it was seen.</summary>
    internal struct SeenKey
    {
        public ulong Low;
        public long SeenAt;
        public uint High;

        /// <summary>Always 0: named, so that the copy in a snapshot has no byte that is left to chance.</summary>
        public uint Unused;
    }
}
