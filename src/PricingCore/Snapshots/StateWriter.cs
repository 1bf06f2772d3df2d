using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PricingCore.Storage;

namespace PricingCore.Snapshots;

/// <summary>Takes copies of a loop's state, fast: the loop stands still meanwhile. What it holds is encoded and written elsewhere, later.</summary>
/// <remarks>
/// State is written and read in the same order by <c>Save</c> and <c>Load</c> of each class; there are no field names. It is kept in blocks, so
/// that growing copies nothing, a file is written and read block by block, and no state is too large for an array. What runs for each region or entry is
/// compiled with full optimisation at once: a loop takes a snapshot every few minutes, so that code which first has to get warm never would.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class StateWriter : IDisposable
{
    /// <summary>The most bytes of a block.</summary>
    public const int BlockBytes = 1 << 20;

    private readonly int _blockBytes;
    private readonly List<NativeBlock> _blocks = [];
    private readonly List<int> _lengths = [];
    private NativeBlock _current;
    private int _length;

    /// <param name="capacity">Bytes to have room for; touched here, so that the loop does not pay for it.</param>
    /// <param name="blockBytes">Bytes of a block; what is written in one piece must fit.</param>
    public StateWriter(long capacity = BlockBytes, int blockBytes = BlockBytes)
    {
        _blockBytes = blockBytes;
        long blocks = Math.Max(1, (capacity + blockBytes - 1) / blockBytes);
        for (long i = 0; i < blocks; i++)
        {
            _blocks.Add(new NativeBlock(blockBytes));
        }

        _current = _blocks[0];
    }

    /// <summary>Bytes written.</summary>
    public long Length
    {
        get
        {
            long length = _length;
            foreach (int full in _lengths)
            {
                length += full;
            }

            return length;
        }
    }

    /// <summary>What was written, block by block; good until <see cref="Dispose"/>.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks
    {
        get
        {
            for (int i = 0; i < _lengths.Count; i++)
            {
                yield return _blocks[i].Memory[.._lengths[i]];
            }

            yield return _current.Memory[.._length];
        }
    }

    /// <summary>Writes one number.</summary>
    public void Write<T>(in T value)
        where T : unmanaged =>
        Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(Next(Unsafe.SizeOf<T>())), value);

    /// <summary>Writes whether something is so.</summary>
    public void Write(bool value) => Write(value ? (byte)1 : (byte)0);

    /// <summary>Writes values, each smaller than a block, without their count. They must have no padding, so that the same state is the same bytes.</summary>
    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        while (values.Length > 0)
        {
            // Whole values, since they may be read one by one.
            int count = Math.Min(values.Length, (_blockBytes - _length) / Unsafe.SizeOf<T>());
            if (count == 0)
            {
                BeginBlock();
                continue;
            }

            MemoryMarshal.AsBytes(values[..count]).CopyTo(Next(count * Unsafe.SizeOf<T>()));
            values = values[count..];
        }
    }

    /// <summary>Writes values, each as narrow as the widest of its run needs to be: most windows hold small counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WritePacked(ReadOnlySpan<long> values)
    {
        for (int start = 0; start < values.Length; start += PackedNumbers.Run)
        {
            ReadOnlySpan<long> run = values.Slice(start, Math.Min(PackedNumbers.Run, values.Length - start));
            int width = PackedNumbers.WidthOf(run);
            Span<byte> room = Next(1 + (run.Length * width));
            room[0] = (byte)width;
            PackedNumbers.Narrow(run, width, room[1..]);
        }
    }

    /// <inheritdoc cref="WritePacked(ReadOnlySpan{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WritePacked(ReadOnlySpan<int> values)
    {
        for (int start = 0; start < values.Length; start += PackedNumbers.Run)
        {
            ReadOnlySpan<int> run = values.Slice(start, Math.Min(PackedNumbers.Run, values.Length - start));
            int width = PackedNumbers.WidthOf(run);
            Span<byte> room = Next(1 + (run.Length * width));
            room[0] = (byte)width;
            PackedNumbers.Narrow(run, width, room[1..]);
        }
    }

    /// <summary>Begins the part of the state that a class holds; a reader that expects another one finds that out here.</summary>
    public void Begin(StateSection section) => Write((int)section);

    /// <summary>The next so many bytes, in one piece, for the caller to fill.</summary>
    /// <param name="count">At most the bytes of a block.</param>
    public Span<byte> Next(int count)
    {
        if (count > _blockBytes - _length)
        {
            BeginBlock();
        }

        Span<byte> next = _current.GetSpan().Slice(_length, count);
        _length += count;
        return next;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _blocks.ForEach(block => ((IDisposable)block).Dispose());

    private void BeginBlock()
    {
        _lengths.Add(_length);
        if (_lengths.Count == _blocks.Count)
        {
            _blocks.Add(new NativeBlock(_blockBytes));
        }

        _current = _blocks[_lengths.Count];
        _length = 0;
    }
}
