using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PricingCore.Forecasts.Trees;

/// <summary>Walks padded trees for sixteen rows at a time with AVX-512F: the first six levels of a tree stay in registers.</summary>
internal static unsafe class Avx512Walk
{
    private const int Lanes = 16;

    /// <summary>Walks all trees for a block of rows, tree by tree.</summary>
    /// <param name="forest">The trees.</param>
    /// <param name="keys">The keys of the rows.</param>
    /// <param name="width">Keys of a row.</param>
    /// <param name="rows">How many rows; a multiple of sixteen.</param>
    /// <param name="sums">Where the sums go, target by target.</param>
    /// <param name="stride">From one target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(PerfectForest forest, int* keys, int width, int rows, float* sums, int stride)
    {
        unchecked
        {
            int depth = forest.Depth;
            int places = forest.Stride;
            int* nodeKeys = forest.Keys;
            int* nodeColumns = forest.Columns;
            float* leaves = forest.Leaves - places;
            Vector256<int> low = Vector256<int>.Indices * width;
            Vector256<int> high = low + Vector256.Create(8 * width);
            int top = Math.Min(4, depth);
            int t = 0;
            foreach (int end in forest.TreeEnds)
            {
                new Span<float>(sums, rows).Clear();
                for (; t < end; t++, nodeKeys += places, nodeColumns += places, leaves += places)
                {
                    // A permutation looks at the lowest bits of a place only, so that a level's start need not be taken off.
                    Vector512<int> keys0 = Vector512.Load(nodeKeys), columns0 = Vector512.Load(nodeColumns);
                    Vector512<int> keys4 = keys0, columns4 = columns0, keys5 = keys0, columns5 = columns0, keys6 = keys0, columns6 = columns0;
                    if (depth > 4)
                    {
                        keys4 = Vector512.Load(nodeKeys + 16);
                        columns4 = Vector512.Load(nodeColumns + 16);
                    }

                    if (depth > 5)
                    {
                        keys5 = Vector512.Load(nodeKeys + 32);
                        columns5 = Vector512.Load(nodeColumns + 32);
                        keys6 = Vector512.Load(nodeKeys + 48);
                        columns6 = Vector512.Load(nodeColumns + 48);
                    }

                    int* block = keys;
                    for (int row = 0; row < rows; row += Lanes, block += Lanes * width)
                    {
                        Vector512<int> place = Vector512<int>.One;
                        for (int level = 0; level < top; level++)
                        {
                            Vector512<int> key = Gather(block, Avx512F.PermuteVar16x32(columns0, place), low, high);
                            place = Step(place, Avx512F.PermuteVar16x32(keys0, place), key);
                        }

                        if (depth > 4)
                        {
                            Vector512<int> key = Gather(block, Avx512F.PermuteVar16x32(columns4, place), low, high);
                            place = Step(place, Avx512F.PermuteVar16x32(keys4, place), key);
                        }

                        if (depth > 5)
                        {
                            Vector512<int> key = Gather(block, Avx512F.PermuteVar16x32x2(columns5, place, columns6), low, high);
                            place = Step(place, Avx512F.PermuteVar16x32x2(keys5, place, keys6), key);
                        }

                        for (int level = 6; level < depth; level++)
                        {
                            Vector512<int> key = Gather(block, Gather(nodeColumns, place), low, high);
                            place = Step(place, Gather(nodeKeys, place), key);
                        }

                        (Vector512.Load(sums + row) + Gather((int*)leaves, place).AsSingle()).Store(sums + row);
                    }
                }

                sums += stride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Step(Vector512<int> place, Vector512<int> threshold, Vector512<int> key) =>
        place + place - Vector512.GreaterThanOrEqual(key, threshold); // The mask is -1 where right.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Gather(int* from, Vector512<int> at) => Vector512.Create(
        Avx2.GatherVector256(from, at.GetLower(), sizeof(int)), Avx2.GatherVector256(from, at.GetUpper(), sizeof(int)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Gather(int* block, Vector512<int> columns, Vector256<int> low, Vector256<int> high) => Vector512.Create(
        Avx2.GatherVector256(block, columns.GetLower() + low, sizeof(int)), Avx2.GatherVector256(block, columns.GetUpper() + high, sizeof(int)));
}
