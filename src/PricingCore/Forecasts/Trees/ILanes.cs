using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PricingCore.Forecasts.Trees;

/// <summary>A number for each row of a block, in vectors of some CPU. Struct implementations are compiled apart, so that nothing is called.</summary>
/// <typeparam name="TSelf">The implementation.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many rows.</summary>
    static abstract int Count { get; }

    /// <summary>The same number for all rows.</summary>
    static abstract TSelf All(float value);

    /// <summary>Reads a number for each row.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Writes a number for each row.</summary>
    static abstract void Store(TSelf lanes, float* to);

    /// <summary>Adds row by row.</summary>
    static abstract TSelf Add(TSelf left, TSelf right);

    /// <summary>Of each row the left number where its key is below <paramref name="key"/>, else the right one.</summary>
    static abstract TSelf Choose(int* keys, int key, TSelf left, TSelf right);
}

/// <summary>Sixteen rows in a vector of AVX-512.</summary>
internal readonly unsafe struct Lanes512(Vector512<float> lanes) : ILanes<Lanes512>
{
    private readonly Vector512<float> _lanes = lanes;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 lanes, float* to) => lanes._lanes.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 left, Lanes512 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Choose(int* keys, int key, Lanes512 left, Lanes512 right) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Load(keys), Vector512.Create(key)).AsSingle(), left._lanes, right._lanes));
}

/// <summary>Thirty-two rows in two vectors of AVX-512: what is known of a node is loaded once for both.</summary>
internal readonly unsafe struct Lanes512Pair(Vector512<float> low, Vector512<float> high) : ILanes<Lanes512Pair>
{
    private readonly Vector512<float> _low = low;
    private readonly Vector512<float> _high = high;

    public static int Count => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512Pair All(float value) => new(Vector512.Create(value), Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512Pair Load(float* from) => new(Vector512.Load(from), Vector512.Load(unchecked(from + 16)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512Pair lanes, float* to)
    {
        lanes._low.Store(to);
        lanes._high.Store(unchecked(to + 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512Pair Add(Lanes512Pair left, Lanes512Pair right) => new(left._low + right._low, left._high + right._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512Pair Choose(int* keys, int key, Lanes512Pair left, Lanes512Pair right)
    {
        Vector512<int> limit = Vector512.Create(key);
        return new(
            Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Load(keys), limit).AsSingle(), left._low, right._low),
            Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Load(unchecked(keys + 16)), limit).AsSingle(), left._high, right._high));
    }
}
