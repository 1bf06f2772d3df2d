using System.Runtime.InteropServices;

namespace PricingCore.Audit;

/// <summary>A bounded queue from any thread to the log's, in which a place is reserved before there is anything to record.</summary>
/// <remarks>
/// <para>Who reserved a place can always record, at once: reservations and entries together never exceed the slots. So a full log
/// refuses those who ask, and never what was decided or served.</para>
/// <list type="bullet">
///   <item><c>taken</c>: reservations and entries not yet released; moved up by <see cref="TryReserve"/>, down by <see cref="Cancel"/> and <see cref="Release"/>;</item>
///   <item>a slot's <c>turn == p + 1</c>: the entry of position <c>p</c> is whole. <c>Record</c> writes it last (release), the reader reads it first (acquire);</item>
///   <item>the slot of position <c>p</c> is free, since <c>p</c> is less than <c>head + slots</c>: <c>tail - head</c> counts some of <c>taken</c>, and <c>head</c> moves
///   before <c>taken</c> does.</item>
/// </list>
/// </remarks>
/// <threadsafety>Reserving, cancelling, recording: any thread. Reading and releasing: one thread at a time.</threadsafety>
internal sealed class AuditQueue
{
    private readonly AuditEntry[] _entries;
    private readonly long[] _turns;
    private readonly float[] _rows;
    private readonly int _rowWidth;
    private AuditCursors _cursors;

    /// <param name="capacity">Places: a power of two.</param>
    /// <param name="rowWidth">Features of a row that is recorded; 0 when none are.</param>
    public AuditQueue(int capacity, int rowWidth)
    {
        _entries = new AuditEntry[capacity];
        _turns = new long[capacity];
        _rowWidth = rowWidth;
        _rows = new float[capacity * rowWidth];
    }

    public int Capacity => _entries.Length;

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

    /// <summary>Puts an entry into a reserved place.</summary>
    /// <returns>The entry's position.</returns>
    public long Record(in AuditEntry entry, ReadOnlySpan<float> row)
    {
        long position = Interlocked.Increment(ref _cursors.Tail) - 1;
        int slot = (int)(position & (Capacity - 1));
        _entries[slot] = entry;
        row.CopyTo(_rows.AsSpan(slot * _rowWidth, row.Length));
        Volatile.Write(ref _turns[slot], position + 1); // Release: the entry, then its turn.
        return position;
    }

    /// <summary>Whether the oldest entry is there, and where it is.</summary>
    public bool TryPeek(out int slot)
    {
        long head = _cursors.Head;
        slot = (int)(head & (Capacity - 1));
        return Volatile.Read(ref _turns[slot]) == head + 1; // Acquire: the turn, then the entry.
    }

    /// <summary>The entry in a slot.</summary>
    public ref readonly AuditEntry Entry(int slot) => ref _entries[slot];

    /// <summary>The feature row in a slot.</summary>
    public ReadOnlySpan<float> Row(int slot, int features) => _rows.AsSpan(slot * _rowWidth, features);

    /// <summary>Frees the oldest entry's place.</summary>
    public void Release()
    {
        _entries[_cursors.Head & (Capacity - 1)] = default; // Else the queue would keep decisions and texts alive for a lap.
        Volatile.Write(ref _cursors.Head, _cursors.Head + 1);
        Interlocked.Decrement(ref _cursors.Taken);
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
