using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PricingCore.Snapshots;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, in the same order and block by block.</summary>
/// <param name="nextBlock">Gives the next block, valid until it is called again; an empty one after the last.</param>
/// <threadsafety>One thread.</threadsafety>
internal sealed class StateReader(Func<ReadOnlyMemory<byte>> nextBlock)
{
    private ReadOnlyMemory<byte> _block;
    private int _position;

    /// <summary>Whether everything was read.</summary>
    public bool IsAtEnd => _position == _block.Length && !TryNextBlock();

    /// <summary>A reader of blocks in memory.</summary>
    public static StateReader Of(IEnumerable<ReadOnlyMemory<byte>> blocks)
    {
        IEnumerator<ReadOnlyMemory<byte>> next = blocks.GetEnumerator();
        return new StateReader(() => next.MoveNext() ? next.Current : default);
    }

    /// <summary>Reads one number.</summary>
    /// <exception cref="SnapshotException">There is not so much left.</exception>
    public T Read<T>()
        where T : unmanaged =>
        Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(Next(Unsafe.SizeOf<T>())));

    /// <summary>Reads whether something is so.</summary>
    /// <exception cref="SnapshotException">It is neither.</exception>
    public bool ReadBool() => Read<byte>() switch
    {
        0 => false,
        1 => true,
        byte other => throw new SnapshotException($"The snapshot has {other} where only 0 or 1 can stand."),
    };

    /// <summary>Reads as many values as there is room for.</summary>
    /// <exception cref="SnapshotException">There are not so many left.</exception>
    public void Read<T>(Span<T> values)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        while (bytes.Length > 0)
        {
            if (_position == _block.Length && !TryNextBlock())
            {
                throw EndsTooEarly();
            }

            int count = Math.Min(bytes.Length, _block.Length - _position);
            Next(count).CopyTo(bytes);
            bytes = bytes[count..];
        }
    }

    /// <summary>Reads as many packed values as there is room for.</summary>
    /// <exception cref="SnapshotException">They were not packed so.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadPacked(Span<long> values)
    {
        for (int start = 0; start < values.Length; start += PackedNumbers.Run)
        {
            Span<long> run = values.Slice(start, Math.Min(PackedNumbers.Run, values.Length - start));
            int width = ReadWidth(largest: sizeof(long));
            PackedNumbers.Widen(Next(run.Length * width), width, run);
        }
    }

    /// <inheritdoc cref="ReadPacked(Span{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadPacked(Span<int> values)
    {
        for (int start = 0; start < values.Length; start += PackedNumbers.Run)
        {
            Span<int> run = values.Slice(start, Math.Min(PackedNumbers.Run, values.Length - start));
            int width = ReadWidth(largest: sizeof(int));
            PackedNumbers.Widen(Next(run.Length * width), width, run);
        }
    }

    /// <summary>Reads a count that the reader is about to allocate for or loop over.</summary>
    /// <param name="max">The largest that is legal.</param>
    /// <param name="what">What is counted, and by which option its limit is set, for the message.</param>
    /// <exception cref="SnapshotException">It is negative or larger.</exception>
    public int ReadCount(int max, string what)
    {
        int count = Read<int>();
        return count >= 0 && count <= max
            ? count
            : throw new SnapshotException($"The snapshot holds {count} {what}; this engine has room for {max}.");
    }

    /// <summary>Reads the number of something that the engine must have, such as a region.</summary>
    /// <exception cref="SnapshotException">There is no such number.</exception>
    public int ReadNumber(int count, string what)
    {
        int number = Read<int>();
        return number >= 0 && number < count
            ? number
            : throw new SnapshotException($"The snapshot speaks of {what} number {number}; there are {count}.");
    }

    /// <summary>Goes on to the part of the state that a class holds.</summary>
    /// <exception cref="SnapshotException">Another part follows: the snapshot is of another version, or damaged.</exception>
    public void Expect(StateSection section)
    {
        int found = Read<int>();
        if (found != (int)section)
        {
            throw new SnapshotException($"The snapshot has section {found} where {section} ({(int)section}) should begin: it was written by another version.");
        }
    }

    /// <summary>The next so many bytes, which were written in one piece; valid until the next call.</summary>
    /// <exception cref="SnapshotException">There are not so many left.</exception>
    public ReadOnlySpan<byte> Next(int count)
    {
        if (count > 0 && _position == _block.Length)
        {
            TryNextBlock();
        }

        if (count > _block.Length - _position)
        {
            throw EndsTooEarly();
        }

        ReadOnlySpan<byte> next = _block.Span.Slice(_position, count);
        _position += count;
        return next;
    }

    private static SnapshotException EndsTooEarly() => new("The snapshot ends too early.");

    private int ReadWidth(int largest)
    {
        byte width = Read<byte>();
        return width <= largest && width is 0 or 1 or 2 or 4 or 8
            ? width
            : throw new SnapshotException($"The snapshot holds packed numbers {width} bytes wide.");
    }

    private bool TryNextBlock()
    {
        _block = nextBlock();
        _position = 0;
        return _block.Length > 0;
    }
}
