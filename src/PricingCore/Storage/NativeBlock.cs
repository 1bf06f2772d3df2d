using System.Buffers;
using System.Runtime.InteropServices;

namespace PricingCore.Storage;

/// <summary>Bytes outside the managed heap, for what is large and used for a moment: free for the next use at once, where an array would stay until the oldest generation is collected. Whether the system has it back is up to the C library.</summary>
/// <threadsafety>One thread at a time. Nothing that it gave may be used after <see cref="IDisposable.Dispose"/>.</threadsafety>
internal sealed unsafe class NativeBlock : MemoryManager<byte>
{
    private readonly int _length;
    private byte* _bytes;

    /// <param name="length">Bytes; all are touched here, so that a loop which fills them does not pay for it.</param>
    public NativeBlock(int length)
    {
        _length = length;
        _bytes = (byte*)NativeMemory.Alloc((nuint)length);
        GetSpan().Clear();
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        return new Span<byte>(_bytes, _length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        return new MemoryHandle(_bytes + elementIndex, pinnable: this); // It does not move.
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_bytes); // Nothing, when it is free already.
        _bytes = null;
    }
}
