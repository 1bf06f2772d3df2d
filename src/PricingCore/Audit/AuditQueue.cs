using System.Numerics;
using System.Runtime.InteropServices;

namespace PricingCore.Audit;

/// <summary>A bounded queue from any thread to the log's, in which a place is reserved before there is anything to record.</summary>
/// <remarks>
/// <para>Who reserved a place can always record, at once: reservations and entries together never exceed the capacity. So a full log
/// refuses those who ask, and never what was decided or served.</para>
/// <para>Entries lie in blocks, which take turns: the memory in use is that of what waits, some hundred entries, and not that of the capacity, which is for
/// the seconds in which a disk stands still.</para>
/// <list type="bullet">
///   <item><c>taken</c>: reservations and entries not yet released; moved up by <see cref="TryReserve"/>, down by <see cref="Cancel"/> and <see cref="Release"/>;</item>
///   <item>an entry's <c>turn == p + 1</c>: the entry of position <c>p</c> is whole. <c>Record</c> writes it last (release), the reader reads it first (acquire);</item>
///   <item>the entry of position <c>p</c> is free, since <c>p</c> is less than <c>head + capacity</c>: <c>tail - head</c> counts some of <c>taken</c>, and <c>head</c> moves
///   before <c>taken</c> does;</item>
///   <item>there are two places for blocks for each that the capacity needs, so the place of position <c>p</c> was emptied, before <c>head</c> moved, by the time that
///   <c>p</c> is recorded: whoever finds it empty puts a block there, and only the reader takes one out.</item>
/// </list>
/// </remarks>
/// <threadsafety>Reserving, cancelling, recording: any thread. Reading and releasing: one thread at a time.</threadsafety>
internal sealed class AuditQueue
{
    private const int DefaultBlockEntries = 512;
    private const int MostSpareBlocks = 16;

    private readonly AuditBlock?[] _blocks;
    private readonly Stack<AuditBlock> _spare = new(MostSpareBlocks);
    private readonly Lock _exchange = new();
    private readonly int _blockEntries;
    private readonly int _blockShift;
    private readonly int _rowWidth;
    private AuditCursors _cursors;

    /// <param name="capacity">Places: a power of two.</param>
    /// <param name="rowWidth">Features of a row that is recorded; 0 when none are.</param>
    /// <param name="blockEntries">Entries of a block: a power of two; fewer for a test that is to see many of them.</param>
    public AuditQueue(int capacity, int rowWidth, int blockEntries = DefaultBlockEntries)
    {
        Capacity = capacity;
        _rowWidth = rowWidth;
        _blockEntries = Math.Min(capacity, blockEntries);
        _blockShift = BitOperations.Log2((uint)_blockEntries);
        _blocks = new AuditBlock?[2 * capacity / _blockEntries];
    }

    public int Capacity { get; }

    /// <summary>Places that are reserved or hold an entry.</summary>
    public int Taken => (int)Math.Clamp(Volatile.Read(ref _cursors.Taken), 0, Capacity);

    /// <summary>Entries recorded since the start.</summary>
    public long Recorded => Volatile.Read(ref _cursors.Tail);

    /// <summary>Entries read since the start.</summary>
    public long Read => Volatile.Read(ref _cursors.Head);

    /// <summary>Takes a place.</summary>
    /// <returns><see langword="false"/>, and nothing is taken, when all are.</returns>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _cursors.Taken) <= Capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _cursors.Taken);
        return false;
    }

    /// <summary>Gives a reserved place back: there is nothing to record.</summary>
    public void Cancel() => Interlocked.Decrement(ref _cursors.Taken);

    /// <summary>Puts an entry into a reserved place. Allocates nothing, but for a block when more waits than in a long time.</summary>
    /// <returns>The entry's position.</returns>
    public long Record(in AuditEntry entry, ReadOnlySpan<float> row)
    {
        long position = Interlocked.Increment(ref _cursors.Tail) - 1;
        AuditBlock block = Volatile.Read(ref PlaceOf(position)) ?? PutBlock(position);
        int at = IndexOf(position);
        block.Entries[at] = entry;
        row.CopyTo(block.Rows.AsSpan(at * _rowWidth, row.Length));
        Volatile.Write(ref block.Turns[at], position + 1); // Release: the entry, then its turn.
        return position;
    }

    /// <summary>Whether the oldest entry is there, to be read until it is released.</summary>
    public bool TryPeek(out WaitingEntry oldest)
    {
        long head = _cursors.Head;
        int at = IndexOf(head);
        AuditBlock? block = Volatile.Read(ref PlaceOf(head));
        bool isThere = block is not null && Volatile.Read(ref block.Turns[at]) == head + 1; // Acquire: the turn, then the entry.
        oldest = isThere ? new WaitingEntry(ref block!.Entries[at], block.Rows.AsSpan(at * _rowWidth, _rowWidth)) : default;
        return isThere;
    }

    /// <summary>Frees the oldest entry's place.</summary>
    public void Release()
    {
        long head = _cursors.Head;
        int at = IndexOf(head);
        PlaceOf(head)!.Entries[at] = default; // Else the queue would keep decisions and texts alive until its next use.
        if (at == _blockEntries - 1)
        {
            TakeBlock(head);
        }

        Volatile.Write(ref _cursors.Head, head + 1);
        Interlocked.Decrement(ref _cursors.Taken);
    }

    private ref AuditBlock? PlaceOf(long position) => ref _blocks[(int)(position >> _blockShift) & (_blocks.Length - 1)];

    private int IndexOf(long position) => (int)(position & (_blockEntries - 1));

    /// <summary>Once a block; whoever comes first.</summary>
    private AuditBlock PutBlock(long position)
    {
        lock (_exchange)
        {
            ref AuditBlock? place = ref PlaceOf(position);
            if (place is null)
            {
                Volatile.Write(ref place, _spare.TryPop(out AuditBlock? spare) ? spare : new AuditBlock(_blockEntries, _rowWidth));
            }

            return place!;
        }
    }

    private void TakeBlock(long position)
    {
        lock (_exchange)
        {
            ref AuditBlock? place = ref PlaceOf(position);
            if (_spare.Count < MostSpareBlocks)
            {
                _spare.Push(place!);
            }

            place = null;
        }
    }

    /// <summary>An entry that waits, and its feature row.</summary>
    public readonly ref struct WaitingEntry(ref readonly AuditEntry entry, ReadOnlySpan<float> row)
    {
        public readonly ref readonly AuditEntry Entry = ref entry;
        public readonly ReadOnlySpan<float> Row = row;
    }

    /// <summary>Entries whose positions follow each other.</summary>
    private sealed class AuditBlock(int entries, int rowWidth)
    {
        public readonly AuditEntry[] Entries = new AuditEntry[entries];
        public readonly long[] Turns = new long[entries];
        public readonly float[] Rows = new float[entries * rowWidth];
    }

    /// <summary>Each writer's cursor on a line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 4 * 128)]
    private struct AuditCursors
    {
        [FieldOffset(128)] public long Taken;
        [FieldOffset(256)] public long Tail;
        [FieldOffset(384)] public long Head;
    }
}
