using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PricingCore.Snapshots;

/// <summary>Numbers written with as few bytes each as the widest of a run needs: 0 (all are zero), 1, 2, 4 or 8.</summary>
/// <remarks>
/// The loop stands still while its windows are copied, and memory is what that costs: 256 numbers of 8 bytes a region mostly fit
/// in a byte or two each. Vectors do it at the speed of reading.
/// </remarks>
internal static class PackedNumbers
{
    /// <summary>Numbers that share a width.</summary>
    public const int Run = 512;

    /// <summary>Bytes that each of the numbers needs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WidthOf(ReadOnlySpan<long> values)
    {
        Vector256<long> seen = Vector256<long>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector256<long>.Count; i += Vector256<long>.Count)
        {
            Vector256<long> four = Vector256.Create(values[i..]);
            seen |= four ^ Vector256.ShiftRightArithmetic(four, 63); // The bits that a number needs besides its sign.
        }

        long all = seen[0] | seen[1] | seen[2] | seen[3];
        for (; i < values.Length; i++)
        {
            all |= values[i] ^ (values[i] >> 63);
        }

        // All zero: also no -1, whose bits besides the sign are zero too.
        return all != 0 ? WidthFor(all) : values.IndexOfAnyExcept(0L) < 0 ? 0 : 1;
    }

    /// <inheritdoc cref="WidthOf(ReadOnlySpan{long})"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WidthOf(ReadOnlySpan<int> values)
    {
        Vector256<int> seen = Vector256<int>.Zero;
        int i = 0;
        for (; i <= values.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            Vector256<int> eight = Vector256.Create(values[i..]);
            seen |= eight ^ Vector256.ShiftRightArithmetic(eight, 31);
        }

        int all = 0;
        for (int k = 0; k < Vector256<int>.Count; k++)
        {
            all |= seen[k];
        }

        for (; i < values.Length; i++)
        {
            all |= values[i] ^ (values[i] >> 31);
        }

        return all != 0 ? WidthFor(all) : values.IndexOfAnyExcept(0) < 0 ? 0 : 1;
    }

    /// <summary>Writes numbers with a width that is wide enough.</summary>
    public static void Narrow(ReadOnlySpan<long> values, int width, Span<byte> bytes)
    {
        switch (width)
        {
            case 1:
                Narrow(values, MemoryMarshal.Cast<byte, sbyte>(bytes));
                break;
            case 2:
                Narrow(values, MemoryMarshal.Cast<byte, short>(bytes));
                break;
            case 4:
                Narrow(values, MemoryMarshal.Cast<byte, int>(bytes));
                break;
            case 8:
                MemoryMarshal.AsBytes(values).CopyTo(bytes);
                break;
        }
    }

    /// <inheritdoc cref="Narrow(ReadOnlySpan{long}, int, Span{byte})"/>
    public static void Narrow(ReadOnlySpan<int> values, int width, Span<byte> bytes)
    {
        switch (width)
        {
            case 1:
                Narrow(values, MemoryMarshal.Cast<byte, sbyte>(bytes));
                break;
            case 2:
                Narrow(values, MemoryMarshal.Cast<byte, short>(bytes));
                break;
            case 4:
                MemoryMarshal.AsBytes(values).CopyTo(bytes);
                break;
        }
    }

    /// <summary>Reads numbers of a width.</summary>
    public static void Widen(ReadOnlySpan<byte> bytes, int width, Span<long> values)
    {
        switch (width)
        {
            case 0:
                values.Clear();
                break;
            case 1:
                Widen(MemoryMarshal.Cast<byte, sbyte>(bytes), values);
                break;
            case 2:
                Widen(MemoryMarshal.Cast<byte, short>(bytes), values);
                break;
            case 4:
                Widen(MemoryMarshal.Cast<byte, int>(bytes), values);
                break;
            default:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                break;
        }
    }

    /// <inheritdoc cref="Widen(ReadOnlySpan{byte}, int, Span{long})"/>
    public static void Widen(ReadOnlySpan<byte> bytes, int width, Span<int> values)
    {
        switch (width)
        {
            case 0:
                values.Clear();
                break;
            case 1:
                Widen(MemoryMarshal.Cast<byte, sbyte>(bytes), values);
                break;
            case 2:
                Widen(MemoryMarshal.Cast<byte, short>(bytes), values);
                break;
            default:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen<TFrom, TTo>(ReadOnlySpan<TFrom> narrow, Span<TTo> values)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = TTo.CreateTruncating(narrow[i]);
        }
    }

    private static int WidthFor(long bits) => bits switch
    {
        <= sbyte.MaxValue => 1,
        <= short.MaxValue => 2,
        <= int.MaxValue => 4,
        _ => 8,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<long> values, Span<int> narrow)
    {
        int i = 0;
        for (; i <= values.Length - 8; i += 8)
        {
            Ints(values[i..]).CopyTo(narrow[i..]);
        }

        for (; i < values.Length; i++)
        {
            narrow[i] = unchecked((int)values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<long> values, Span<short> narrow)
    {
        int i = 0;
        for (; i <= values.Length - 16; i += 16)
        {
            Vector256.Narrow(Ints(values[i..]), Ints(values[(i + 8)..])).CopyTo(narrow[i..]);
        }

        for (; i < values.Length; i++)
        {
            narrow[i] = unchecked((short)values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<long> values, Span<sbyte> narrow)
    {
        int i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            Vector256<short> first = Vector256.Narrow(Ints(values[i..]), Ints(values[(i + 8)..]));
            Vector256<short> second = Vector256.Narrow(Ints(values[(i + 16)..]), Ints(values[(i + 24)..]));
            Vector256.Narrow(first, second).CopyTo(narrow[i..]);
        }

        for (; i < values.Length; i++)
        {
            narrow[i] = unchecked((sbyte)values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<int> values, Span<short> narrow)
    {
        int i = 0;
        for (; i <= values.Length - 16; i += 16)
        {
            Vector256.Narrow(Vector256.Create(values[i..]), Vector256.Create(values[(i + 8)..])).CopyTo(narrow[i..]);
        }

        for (; i < values.Length; i++)
        {
            narrow[i] = unchecked((short)values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(ReadOnlySpan<int> values, Span<sbyte> narrow)
    {
        int i = 0;
        for (; i <= values.Length - 32; i += 32)
        {
            Vector256<short> first = Vector256.Narrow(Vector256.Create(values[i..]), Vector256.Create(values[(i + 8)..]));
            Vector256<short> second = Vector256.Narrow(Vector256.Create(values[(i + 16)..]), Vector256.Create(values[(i + 24)..]));
            Vector256.Narrow(first, second).CopyTo(narrow[i..]);
        }

        for (; i < values.Length; i++)
        {
            narrow[i] = unchecked((sbyte)values[i]);
        }
    }

    private static Vector256<int> Ints(ReadOnlySpan<long> eight) => Vector256.Narrow(Vector256.Create(eight), Vector256.Create(eight[4..]));
}
