using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PricingCore.Snapshots;

/// <summary>Takes copies of a loop's state, fast: the loop stands still meanwhile. What it holds is encoded and written elsewhere, later.</summary>
/// <remarks>State is written and read in the same order by <c>Save</c> and <c>Load</c> of each class; there are no field names.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class StateWriter
{
    private byte[] _bytes;
    private int _length;

    /// <param name="capacity">Bytes to have room for; touched here, so that the loop does not pay for it.</param>
    public StateWriter(int capacity = 4_096)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(capacity);
        Array.Clear(_bytes);
    }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Writes one value.</summary>
    public void Write<T>(in T value)
        where T : unmanaged =>
        Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(Next(Unsafe.SizeOf<T>())), value);

    /// <summary>Writes values without their count.</summary>
    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(values).CopyTo(Next(checked(values.Length * Unsafe.SizeOf<T>())));

    /// <summary>The next so many bytes, for the caller to fill.</summary>
    public Span<byte> Next(int count)
    {
        int start = _length;
        int needed = checked(start + count);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, checked((int)Math.Max(needed, Math.Min(_bytes.Length * 2L, Array.MaxLength))));
        }

        _length = needed;
        return _bytes.AsSpan(start, count);
    }
}
