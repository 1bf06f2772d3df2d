using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PricingCore.Forecasts.Trees;

/// <summary>An array that never moves and starts on a cache line, for loads of whole vectors.</summary>
/// <remarks>Managed memory: it lives as long as its owner, so that a pointer of a live kernel is never to freed memory.</remarks>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly T[] _array; // Keeps the memory alive.

    public AlignedArray(int length)
    {
        int slack = Alignment / sizeof(T) * 2; // Before the start, to align it; after the end, for loads of whole vectors.
        _array = GC.AllocateArray<T>(length + slack, pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        Start = (T*)((start + Alignment - 1) & ~(nint)(Alignment - 1));
    }

    /// <summary>The first element.</summary>
    public T* Start { get; }
}
