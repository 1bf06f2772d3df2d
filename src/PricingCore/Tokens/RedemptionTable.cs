using System.Numerics;
using System.Runtime.InteropServices;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Snapshots;

namespace PricingCore.Tokens;

/// <summary>The signed quotes that were redeemed, by whom: exact, in fixed memory, the one that ends first out first.</summary>
/// <remarks>
/// A redemption is remembered until <see cref="QuoteToken.MaxClockSkewGrace"/> after the quote's end, whatever grace the host has set, so that
/// setting another one never lets a quote be redeemed twice. A full table refuses: nothing is forgotten early.
/// Entries lie in slots; a chained index finds them by token, and a heap by their end. The heap's array holds every slot: first those
/// in use, in heap order, then the free ones.
/// </remarks>
/// <threadsafety>One thread: the loop.</threadsafety>
internal sealed class RedemptionTable
{
    private static readonly long MaxGraceMicros = UnixMicros.From(QuoteToken.MaxClockSkewGrace);

    private readonly Entry[] _entries;
    private readonly int[] _next; // Of the same chain, plus one; 0 ends it.
    private readonly int[] _chains;
    private readonly int[] _heap;
    private int _count;
    private int _used; // Slots that were ever in use; the others need not be saved.

    /// <param name="capacity">The most redemptions; 0 refuses all.</param>
    public RedemptionTable(int capacity)
    {
        _entries = new Entry[capacity];
        _next = new int[capacity];
        _chains = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity))];
        _heap = new int[capacity];
        for (int slot = 0; slot < capacity; slot++)
        {
            _heap[slot] = slot;
        }
    }

    /// <summary>Redemptions remembered.</summary>
    public int Count => _count;

    /// <summary>Redeems a quote, if it has not ended and nobody has.</summary>
    /// <param name="e">A record made by <see cref="AcceptedEvent.QuoteRedeemed"/>.</param>
    /// <param name="now">The loop's time.</param>
    public RedemptionAnswer Apply(in AcceptedEvent e, long now)
    {
        Expire(now);
        int slot = Find(e.Subject, e.KeyLow);
        if (slot >= 0)
        {
            ref readonly Entry known = ref _entries[slot];
            bool isSame = known.RedeemerLow == e.FirstBits && known.RedeemerHigh == e.SecondBits;
            return new RedemptionAnswer(isSame ? RedemptionOutcome.AlreadyRedeemed : RedemptionOutcome.RedeemedByAnother, known.RedeemedAt);
        }

        if (now >= e.OccurredAt + Math.Min(e.KeyHigh, MaxGraceMicros))
        {
            return new RedemptionAnswer(RedemptionOutcome.Expired, 0);
        }

        if (_count == _entries.Length)
        {
            return new RedemptionAnswer(RedemptionOutcome.TooManyRedemptions, 0);
        }

        Add(new Entry
        {
            TokenLow = e.Subject,
            TokenHigh = e.KeyLow,
            RedeemerLow = e.FirstBits,
            RedeemerHigh = e.SecondBits,
            EndsAt = e.OccurredAt,
            RedeemedAt = now,
        });
        return new RedemptionAnswer(RedemptionOutcome.Redeemed, now);
    }

    /// <summary>Forgets what no token can ask for any more.</summary>
    public void Expire(long now)
    {
        while (_count > 0 && now >= _entries[_heap[0]].EndsAt + MaxGraceMicros)
        {
            RemoveFirst();
        }
    }

    /// <summary>Copies the table.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write(_used);
        writer.Write<int>(_heap.AsSpan(0, _count));
        writer.Write<Entry>(_entries.AsSpan(0, _used)); // In one piece, free slots included: the loop waits for this.
    }

    /// <summary>Takes in a copy; the table must be new.</summary>
    /// <exception cref="SnapshotException">It is not one, or does not fit.</exception>
    public void Load(StateReader reader)
    {
        int count = reader.ReadCount(_entries.Length, "redemptions");
        int used = reader.ReadCount(_entries.Length, "redemptions at a time");
        int[] slots = new int[count];
        reader.Read<int>(slots);
        Entry[] entries = new Entry[used];
        reader.Read<Entry>(entries);
        foreach (int slot in slots)
        {
            if (slot < 0 || slot >= used || Find(entries[slot].TokenLow, entries[slot].TokenHigh) >= 0)
            {
                throw new SnapshotException("The snapshot's table of redemptions is not one.");
            }

            Add(entries[slot]);
        }
    }

    private int Find(ulong low, ulong high)
    {
        int slot = _chains[ChainOf(low)] - 1;
        while (slot >= 0 && (_entries[slot].TokenLow != low || _entries[slot].TokenHigh != high))
        {
            slot = _next[slot] - 1;
        }

        return slot;
    }

    private void Add(in Entry entry)
    {
        int slot = _heap[_count];
        _entries[slot] = entry;
        _used = Math.Max(_used, slot + 1);
        ref int chain = ref _chains[ChainOf(entry.TokenLow)];
        _next[slot] = chain;
        chain = slot + 1;

        int place = _count++;
        while (place > 0 && _entries[_heap[(place - 1) / 2]].EndsAt > entry.EndsAt)
        {
            Swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    private void RemoveFirst()
    {
        int slot = _heap[0];
        ref int link = ref _chains[ChainOf(_entries[slot].TokenLow)];
        while (link - 1 != slot)
        {
            link = ref _next[link - 1];
        }

        link = _next[slot];
        Swap(0, --_count);
        int place = 0;
        while (true)
        {
            int first = place;
            for (int child = (2 * place) + 1; child <= (2 * place) + 2 && child < _count; child++)
            {
                first = _entries[_heap[child]].EndsAt < _entries[_heap[first]].EndsAt ? child : first;
            }

            if (first == place)
            {
                return;
            }

            Swap(place, first);
            place = first;
        }
    }

    private int ChainOf(ulong low) => (int)(low & (ulong)(_chains.Length - 1));

    private void Swap(int left, int right) => (_heap[left], _heap[right]) = (_heap[right], _heap[left]);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public ulong TokenLow;
        public ulong TokenHigh;
        public ulong RedeemerLow;
        public ulong RedeemerHigh;
        public long EndsAt;
        public long RedeemedAt;
    }
}
