using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PricingCore.Ring;

/// <summary>A bounded queue with many producers and one consumer that never locks, never waits and never allocates.</summary>
/// <remarks>
/// <para>Position <c>p</c> lives in slot <c>p mod N</c> (N is the capacity), in lap <c>p / N</c>. Each slot has a mark:
/// 1 once an even lap is published there, 0 once an odd lap is. So the mark of the slot at the consumer's head is
/// either "this lap" (full) or "last lap" (not yet): one bit is enough, since a lap starts only after the last one was released.</para>
/// <list type="number">
///   <item>A producer claims positions by moving <c>Tail</c> with a compare-exchange, only while <c>Tail + count - Head &lt;= N</c>.
///   It looks at <c>HeadSeen</c> first and at the consumer's own line only when that says full.</item>
///   <item>It writes the items of its positions. Nobody else touches them.</item>
///   <item>It sets their marks (release; pairs with the acquire in <see cref="Available"/> and <see cref="TryTake"/>).</item>
///   <item>The consumer sees marks (acquire), reads the items in place,</item>
///   <item>and moves <c>Head</c> (release; pairs with the acquire in <see cref="TryClaim"/>), once a batch. It writes nothing else.</item>
/// </list>
/// <para>A full ring refuses instead of waiting: what to shed is the caller's decision. Why each fence is where it is, and why
/// the marks are apart from the items: docs/ring.md.</para>
/// </remarks>
/// <typeparam name="T">The event: a struct without references, so that publishing copies it and leaves nothing for the GC.</typeparam>
/// <threadsafety>
/// Publishing, claiming and <see cref="Count"/>: any thread. <see cref="TryTake"/>, <see cref="Available"/>,
/// <see cref="Peek"/> and <see cref="Release"/>: one thread at a time.
/// </threadsafety>
internal sealed class EventRing<T>
    where T : unmanaged
{
    private readonly T[] _items;
    private readonly byte[] _marks;
    private readonly nint _firstItem; // Bytes from the start of its array to the first slot, which begins a line.
    private readonly nint _firstMark; // The same for the marks.
    private readonly long _capacity; // Long, as positions are: no conversion to check on the way.
    private RingCursors _cursors; // Mutable struct: readonly would make the JIT work on copies.

    /// <param name="capacity">Slots in the ring: a power of two, 2 or more.</param>
    /// <exception cref="ArgumentException"><paramref name="capacity"/> is no power of two, or less than 2.</exception>
    public EventRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        if (!BitOperations.IsPow2(capacity))
        {
            throw new ArgumentException($"Capacity must be a power of two, but was {capacity}.", nameof(capacity));
        }

        _capacity = capacity;

        // Pinned, so that the first slot stays on a line boundary: then a 64-byte event moves between CPUs as one line.
        int spare = (RingCursors.LineBytes / Unsafe.SizeOf<T>()) + 1;
        _items = GC.AllocateArray<T>(capacity + (2 * spare), pinned: true);
        _firstItem = BytesToNextLine(ref MemoryMarshal.GetArrayDataReference(_items));

        _marks = GC.AllocateArray<byte>(capacity + (2 * RingCursors.LineBytes), pinned: true);
        _firstMark = BytesToNextLine(ref MemoryMarshal.GetArrayDataReference(_marks));
    }

    /// <summary>Slots in the ring.</summary>
    public int Capacity => (int)_capacity;

    /// <summary>Events claimed and not yet released: a snapshot for metrics, exact only while nobody publishes or takes.</summary>
    public int Count
    {
        get
        {
            long head = Volatile.Read(ref _cursors.Head); // Before the tail, so that the difference is not negative.
            long count = Volatile.Read(ref _cursors.Tail) - head;
            return (int)Math.Min(count, _capacity);
        }
    }

    /// <summary>Copies an event into the ring.</summary>
    /// <returns><see langword="false"/>, and nothing is stored, when the ring is full.</returns>
    public bool TryPublish(in T item)
    {
        if (!TryAdvanceTail(1, out long position))
        {
            return false;
        }

        Slot(position) = item;
        Volatile.Write(ref Mark(position), PublishedMark(position)); // Release: the item, then its mark.
        return true;
    }

    /// <summary>Copies events into neighbouring slots with one claim, or none of them.</summary>
    /// <returns><see langword="false"/>, and nothing is stored, when not all of them fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are more events than the ring has slots, so they never fit.</exception>
    public bool TryPublish(ReadOnlySpan<T> items)
    {
        if (!TryClaim(items.Length, out long position))
        {
            return false;
        }

        int first = UntilTheEnd(position, items.Length);
        items[..first].CopyTo(MemoryMarshal.CreateSpan(ref Slot(position), first));
        items[first..].CopyTo(MemoryMarshal.CreateSpan(ref SlotAt(0), items.Length - first));
        Publish(position, items.Length);
        return true;
    }

    /// <summary>Claims neighbouring positions, to be written through <see cref="Slot"/> and then handed over by <see cref="Publish"/>.</summary>
    /// <remarks>Publish what you claim, and soon: the consumer waits at the first position that is claimed and not published.</remarks>
    /// <param name="count">Positions to claim, 0 to <see cref="Capacity"/>.</param>
    /// <param name="position">The first of them.</param>
    /// <returns><see langword="false"/>, and nothing is claimed, when not all of them are free.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative or more than the ring has slots.</exception>
    public bool TryClaim(int count, out long position)
    {
        if (count < 0 || count > _capacity)
        {
            ThrowCountOutOfRange(count);
        }

        return TryAdvanceTail(count, out position);
    }

    /// <summary>The slot of a claimed position. Only for the producer that claimed it, until it publishes it.</summary>
    public ref T Slot(long position) => ref SlotAt(Index(position));

    /// <summary>Hands claimed positions over to the consumer; their slots must be written by now.</summary>
    public void Publish(long position, int count)
    {
        Debug.Assert(position + count <= Volatile.Read(ref _cursors.Tail), "Published what nobody has claimed.");
        byte mark = PublishedMark(position);
        int first = UntilTheEnd(position, count);

        Volatile.WriteBarrier(); // Release: all items, then any of the marks. The marks may appear in any order.
        MemoryMarshal.CreateSpan(ref Mark(position), first).Fill(mark);
        MemoryMarshal.CreateSpan(ref MarkAt(0), count - first).Fill((byte)(mark ^ 1)); // Wrapped: the next lap.
    }

    /// <summary>Takes the oldest event.</summary>
    /// <returns>
    /// <see langword="false"/> when there is none, or when its producer has claimed the slot but not yet published it.
    /// </returns>
    public bool TryTake(out T item)
    {
        long head = _cursors.Head; // Plain: this thread is the only writer.
        if (Volatile.Read(ref Mark(head)) != PublishedMark(head)) // Acquire: the mark, then the item.
        {
            item = default;
            return false;
        }

        item = Slot(head);
        Volatile.Write(ref _cursors.Head, head + 1); // Release: the copy above is done before the slot is reused.
        return true;
    }

    /// <summary>Counts the published events that wait at the head, without a gap, up to a limit.</summary>
    /// <param name="max">The most to count, 1 or more.</param>
    /// <returns>How many <see cref="Peek"/> may read now; 0 when there is none.</returns>
    public int Available(int max) => AvailableAfter(0, max);

    /// <summary>The same beyond the first ones, which are known to be published: for a consumer that looks ahead of what it releases.</summary>
    /// <param name="skip">How many to skip; less than <see cref="Capacity"/>, and counted by an earlier call since they were released.</param>
    /// <param name="max">The most to count, 1 or more.</param>
    public int AvailableAfter(int skip, int max)
    {
        long head = _cursors.Head + skip; // Plain: this thread is the only writer.
        byte mark = PublishedMark(head);
        if (Volatile.Read(ref Mark(head)) != mark)
        {
            return 0;
        }

        max = Math.Min(max, Capacity - skip);
        int first = UntilTheEnd(head, max);
        int count = Matching(ref Mark(head), first, mark);
        if (count == first && count < max)
        {
            count += Matching(ref MarkAt(0), max - first, (byte)(mark ^ 1)); // Wrapped: the next lap.
        }

        Volatile.ReadBarrier(); // Acquire: all marks, then any of the items.
        return count;
    }

    /// <summary>An event in place.</summary>
    /// <param name="offset">Which one: 0 is the oldest; less than what <see cref="Available"/> returned since the last <see cref="Release"/>.</param>
    public ref readonly T Peek(int offset) => ref Slot(_cursors.Head + offset);

    /// <summary>Events in place that lie together in memory, from an offset on.</summary>
    /// <param name="offset">The first one, as in <see cref="Peek"/>.</param>
    /// <param name="count">How many are wanted; offset and count together at most what <see cref="Available"/> returned.</param>
    /// <returns>As many as lie before the end of the ring's memory; 1 or more when <paramref name="count"/> is.</returns>
    public ReadOnlySpan<T> PeekSpan(int offset, int count)
    {
        long first = _cursors.Head + offset;
        return MemoryMarshal.CreateReadOnlySpan(ref Slot(first), UntilTheEnd(first, count));
    }

    /// <summary>Frees the oldest slots for the producers. References from <see cref="Peek"/> to them are dead afterwards.</summary>
    /// <param name="count">How many: at most what <see cref="Available"/> returned since the last release.</param>
    public void Release(int count)
    {
        long head = _cursors.Head + count;
        Debug.Assert(count >= 0 && head <= Volatile.Read(ref _cursors.Tail), "The consumer overtook the producers.");
        Volatile.Write(ref _cursors.Head, head); // Release: the items are read before the slots are reused.
    }

    private static int Matching(ref byte first, int length, byte mark)
    {
        int count = MemoryMarshal.CreateReadOnlySpan(ref first, length).IndexOfAnyExcept(mark);
        return count < 0 ? length : count;
    }

    private static unsafe nint BytesToNextLine<TItem>(ref TItem first)
        where TItem : unmanaged =>
        (nint)(-(long)(nint)Unsafe.AsPointer(ref first) & (RingCursors.LineBytes - 1));

    private static void ThrowCountOutOfRange(int count) =>
        throw new ArgumentOutOfRangeException(nameof(count), count, "A claim is 0 to as many positions as the ring has slots.");

    private bool TryAdvanceTail(int count, out long position)
    {
        long tail = Volatile.Read(ref _cursors.Tail);

        // Bounded in practice: each extra pass means that another producer has just succeeded.
        while (true)
        {
            long lastHead = tail + count - _capacity; // The lowest head with room for the claim.
            if (Volatile.Read(ref _cursors.HeadSeen) < lastHead && !SeesRoom(lastHead))
            {
                position = tail;
                return false;
            }

            long seen = Interlocked.CompareExchange(ref _cursors.Tail, tail + count, tail);
            if (seen == tail)
            {
                position = tail;
                return true;
            }

            tail = seen;
        }
    }

    /// <summary>Looks at the consumer's own line, which costs a transfer between CPUs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool SeesRoom(long lastHead)
    {
        long head = Volatile.Read(ref _cursors.Head); // Acquire: pairs with the release in Release and TryTake.

        // Release: hands the acquire on to the producers that trust this value. Two may write here at once and the
        // older value stay: it is still one that the head had, and costs only another look.
        Volatile.Write(ref _cursors.HeadSeen, head);
        return head >= lastHead;
    }

    private nint Index(long position) => (nint)(position & (_capacity - 1));

    /// <summary>How many of a number of slots lie before the end of the array.</summary>
    private int UntilTheEnd(long position, int count) => (int)Math.Min(count, _capacity - Index(position));

    private byte PublishedMark(long position) => (position & _capacity) == 0 ? (byte)1 : (byte)0;

    private ref byte Mark(long position) => ref MarkAt(Index(position));

    private ref byte MarkAt(nint index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_marks), _firstMark + index);

    private ref T SlotAt(nint index) =>
        ref Unsafe.Add(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(_items), _firstItem), index);
}
