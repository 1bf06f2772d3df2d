using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PricingCore.Snapshots;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, in the same order.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    private int _position;

    /// <summary>Whether everything was read.</summary>
    public bool IsAtEnd => _position == bytes.Length;

    /// <summary>Reads one value.</summary>
    /// <exception cref="SnapshotException">There is not so much left.</exception>
    public T Read<T>()
        where T : unmanaged =>
        Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(Next(Unsafe.SizeOf<T>())));

    /// <summary>Reads as many values as there is room for.</summary>
    /// <exception cref="SnapshotException">There are not so many left.</exception>
    public void Read<T>(Span<T> values)
        where T : unmanaged =>
        Next(checked(values.Length * Unsafe.SizeOf<T>())).CopyTo(MemoryMarshal.AsBytes(values));

    /// <summary>Reads a count that the reader is about to allocate for or loop over.</summary>
    /// <param name="max">The largest that is legal.</param>
    /// <param name="what">What is counted, for the message.</param>
    /// <exception cref="SnapshotException">It is negative or larger.</exception>
    public int ReadCount(int max, string what)
    {
        int count = Read<int>();
        return count >= 0 && count <= max
            ? count
            : throw new SnapshotException($"The snapshot holds {count} {what}; this engine has room for {max}.");
    }

    /// <summary>The next so many bytes.</summary>
    /// <exception cref="SnapshotException">There are not so many left.</exception>
    public ReadOnlySpan<byte> Next(int count)
    {
        if (count > bytes.Length - _position)
        {
            throw new SnapshotException("The snapshot ends too early.");
        }

        ReadOnlySpan<byte> next = bytes.Span.Slice(_position, count);
        _position += count;
        return next;
    }
}
