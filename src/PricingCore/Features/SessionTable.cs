using System.Numerics;
using System.Runtime.CompilerServices;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>The last minute in which each user was active in each region, for as long as it can matter.</summary>
/// <remarks>
/// Two generations of an open-addressing table: lookups try both, writes go to the younger. When the younger is old enough that
/// nothing in the older can still be an open session, the older is emptied and they change places. So nothing is ever deleted,
/// and nothing that still counts is ever forgotten, up to the capacity.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SessionTable
{
    private readonly int _capacity;
    private readonly int _mask;
    private readonly int _generationMinutes;
    private Entry[] _young;
    private Entry[] _old;
    private int _count;
    private int _oldCount;
    private long _bornAt;

    /// <param name="capacity">The most entries of a generation.</param>
    /// <param name="generationMinutes">Minutes after which an entry that was not touched can no longer matter.</param>
    public SessionTable(int capacity, int generationMinutes)
    {
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)capacity + Math.Max(1, (uint)capacity / 2)); // One stays empty, so that a search ends.
        _capacity = capacity;
        _mask = slots - 1;
        _generationMinutes = generationMinutes;
        _young = new Entry[slots];
        _old = new Entry[slots];
    }

    /// <summary>Sessions that were not counted because the table was full.</summary>
    public long Overflow { get; private set; }

    /// <summary>Notes that a user was active.</summary>
    /// <param name="key">Stands for the user and the region; not 0.</param>
    /// <param name="minute">When, in minutes since 1970.</param>
    /// <param name="now">The current minute; never decreases.</param>
    /// <param name="previous">The latest minute known before; 0 when there was none.</param>
    /// <returns><see langword="false"/> when the table is full: the session is not counted.</returns>
    public bool TryTouch(ulong key, long minute, long now, out long previous)
    {
        if (now - _bornAt > _generationMinutes)
        {
            Age(now);
        }

        ref Entry entry = ref Find(_young, key);
        if (entry.Key == 0)
        {
            previous = _oldCount == 0 ? 0 : Find(_old, key).Minute; // An empty entry has minute 0.
            if (_count == _capacity)
            {
                Overflow++;
                return false;
            }

            _count++;
            entry.Key = key;
            entry.Minute = Math.Max(previous, minute);
            return true;
        }

        previous = entry.Minute;
        entry.Minute = Math.Max(previous, minute);
        return true;
    }

    /// <summary>Loads a key's slot into the cache ahead of use.</summary>
    public long TouchAhead(ulong key) => _young[(int)(key & (ulong)_mask)].Minute;

    /// <summary>Writes both generations.</summary>
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Sessions);
        writer.Write(Overflow);
        writer.Write(_bornAt);
        writer.Write(_count);
        writer.Write(_oldCount);
        Save(writer, _young, _count);
        Save(writer, _old, _oldCount);
    }

    /// <summary>Reads what <see cref="Save(StateWriter)"/> wrote into an empty table.</summary>
    /// <exception cref="SnapshotException">It does not fit.</exception>
    public void Load(StateReader reader)
    {
        reader.Expect(StateSection.Sessions);
        Overflow = reader.Read<long>();
        _bornAt = reader.Read<long>();
        _count = reader.ReadCount(_capacity, "sessions (PricingOptions.MaxSessions)");
        _oldCount = reader.ReadCount(_capacity, "older sessions (PricingOptions.MaxSessions)");
        Load(reader, _young, _count);
        Load(reader, _old, _oldCount);
    }

    /// <summary>Writes the entries in the order of their slots, from an empty one on: put in again in this order, each finds the same slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Save(StateWriter writer, Entry[] table, int count)
    {
        if (count == 0)
        {
            return;
        }

        int empty = 0;
        while (table[empty].Key != 0)
        {
            empty++;
        }

        // In pieces with room for all of their slots, so that copying has no branch to guess: what is empty is overwritten by the next.
        const int Piece = 1_024;
        Span<Entry> room = stackalloc Entry[Piece];
        int left = count;
        for (int start = 0; left > 0; start += Piece)
        {
            int filled = 0;
            for (int i = start; i < Math.Min(start + Piece, table.Length); i++)
            {
                room[filled] = table[(empty + i) & _mask];
                filled += room[filled].Key != 0 ? 1 : 0;
            }

            writer.Write<Entry>(room[..filled]);
            left -= filled;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Load(StateReader reader, Entry[] table, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Entry entry = reader.Read<Entry>();
            ref Entry place = ref Find(table, entry.Key);
            if (entry.Key == 0 || place.Key != 0)
            {
                throw new SnapshotException("The snapshot holds a session twice, or one of nobody.");
            }

            place = entry;
        }
    }

    private void Age(long now)
    {
        bool isAnyAlive = now - _bornAt <= 2L * _generationMinutes;
        (_young, _old) = (_old, _young);
        Array.Clear(_young);
        _oldCount = isAnyAlive ? _count : 0; // Dead entries stay where they are, and nobody looks.
        _count = 0;
        _bornAt = now;
    }

    private ref Entry Find(Entry[] table, ulong key)
    {
        int slot = (int)(key & (ulong)_mask);
        while (table[slot].Key != 0 && table[slot].Key != key)
        {
            slot = (slot + 1) & _mask;
        }

        return ref table[slot];
    }

    private struct Entry
    {
        public ulong Key;
        public long Minute;
    }
}
