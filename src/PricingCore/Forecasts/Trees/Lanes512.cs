using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PricingCore.Forecasts.Trees;

/// <summary>A number for each of 32 rows, in two vectors of AVX-512: what is known of a node is loaded once for both.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> low, Vector512<float> high)
{
    /// <summary>How many rows.</summary>
    public const int Count = 32;

    private readonly Vector512<float> _low = low;
    private readonly Vector512<float> _high = high;

    /// <summary>The same number for all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value), Vector512.Create(value));

    /// <summary>Reads a number for each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* from) => new(Vector512.Load(from), Vector512.Load(unchecked(from + 16)));

    /// <summary>Adds row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 left, Lanes512 right) => new(left._low + right._low, left._high + right._high);

    /// <summary>Of each row the left number where its key is below <paramref name="key"/>, else the right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Choose(int* keys, int key, Lanes512 left, Lanes512 right)
    {
        Vector512<int> limit = Vector512.Create(key);
        return new(
            Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Load(keys), limit).AsSingle(), left._low, right._low),
            Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Load(unchecked(keys + 16)), limit).AsSingle(), left._high, right._high));
    }

    /// <summary>Writes a number for each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* to)
    {
        _low.Store(to);
        _high.Store(unchecked(to + 16));
    }
}
