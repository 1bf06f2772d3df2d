using System.Runtime.InteropServices;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>The entries of a <see cref="KeyList"/> by key and, for the same key, by offset: half a million of them for the moment that an index takes to write.</summary>
/// <threadsafety>One thread at a time. No span may be used after <see cref="Dispose"/>.</threadsafety>
internal sealed class SortedKeys : IDisposable
{
    private readonly NativeBlock _block;
    private readonly int _keyBytes;

    /// <param name="count">Entries, which the caller fills in and then sorts.</param>
    public SortedKeys(int count)
    {
        _keyBytes = checked(count * sizeof(ulong));
        _block = new NativeBlock(checked(_keyBytes + (count * sizeof(uint))));
    }

    /// <summary>The keys.</summary>
    public Span<ulong> Keys => MemoryMarshal.Cast<byte, ulong>(_block.GetSpan()[.._keyBytes]);

    /// <summary>The offset of each key's record.</summary>
    public Span<uint> Offsets => MemoryMarshal.Cast<byte, uint>(_block.GetSpan()[_keyBytes..]);

    /// <summary>Puts the entries in order.</summary>
    public void Sort()
    {
        Span<ulong> keys = Keys;
        Span<uint> offsets = Offsets;
        keys.Sort(offsets);
        for (int from = 0, to; from < keys.Length; from = to)
        {
            for (to = from + 1; to < keys.Length && keys[to] == keys[from]; to++)
            {
            }

            if (to - from > 1)
            {
                offsets[from..to].Sort();
            }
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ((IDisposable)_block).Dispose();
}
