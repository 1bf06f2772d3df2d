using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PricingCore.Forecasts.Trees;

/// <summary>Walks padded trees eight at a time with AVX2: eight trees for one row, or eight rows for one tree.</summary>
internal static unsafe class Avx2Walk
{
    private const int Lanes = 8;

    /// <summary>Walks all trees for one row.</summary>
    /// <param name="forest">The trees.</param>
    /// <param name="keys">The keys of the row.</param>
    /// <param name="leaves">Room for a leaf of each tree, in whole vectors.</param>
    /// <param name="sums">Where the sums go: one every <paramref name="stride"/> floats.</param>
    /// <param name="stride">From one target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(PerfectForest forest, int* keys, float* leaves, float* sums, int stride)
    {
        unchecked
        {
            int depth = forest.Depth;
            int places = forest.Stride;
            int* nodeKeys = forest.Keys;
            int* nodeColumns = forest.Columns;
            float* nodeLeaves = forest.Leaves;
            Vector256<int> lanes = Vector256<int>.Indices * places;
            Vector256<int> offset = lanes - Vector256.Create(places);
            for (int t = 0; t < forest.TreeCount; t += Lanes)
            {
                Vector256<int> place = Vector256<int>.One;
                for (int level = 0; level < depth; level++)
                {
                    Vector256<int> at = place + lanes;
                    Vector256<int> threshold = Avx2.GatherVector256(nodeKeys, at, sizeof(int));
                    Vector256<int> key = Avx2.GatherVector256(keys, Avx2.GatherVector256(nodeColumns, at, sizeof(int)), sizeof(int));
                    place = place + place + Vector256<int>.One + Avx2.CompareGreaterThan(threshold, key);
                }

                Avx2.GatherVector256(nodeLeaves, place + offset, sizeof(float)).Store(leaves + t);
                nodeKeys += Lanes * places;
                nodeColumns += Lanes * places;
                nodeLeaves += Lanes * places;
            }

            LeafSums.Add(forest, leaves, sums, stride);
        }
    }

    /// <summary>Walks all trees for a block of rows, tree by tree.</summary>
    /// <param name="forest">The trees.</param>
    /// <param name="keys">The keys of the rows.</param>
    /// <param name="width">Keys of a row.</param>
    /// <param name="rows">How many rows; a multiple of eight.</param>
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
            Vector256<int> lanes = Vector256<int>.Indices * width;
            int top = Math.Min(3, depth);
            int t = 0;
            foreach (int end in forest.TreeEnds)
            {
                new Span<float>(sums, rows).Clear();
                for (; t < end; t++, nodeKeys += places, nodeColumns += places, leaves += places)
                {
                    // Places 1 to 7, the first three levels, are in one register; so are 8 to 15, the fourth.
                    Vector256<int> topKeys = Vector256.Load(nodeKeys);
                    Vector256<int> topColumns = Vector256.Load(nodeColumns);
                    Vector256<int> nextKeys = Vector256.Load(nodeKeys + Lanes);
                    Vector256<int> nextColumns = Vector256.Load(nodeColumns + Lanes);
                    int* block = keys;
                    for (int row = 0; row < rows; row += Lanes, block += Lanes * width)
                    {
                        Vector256<int> place = Vector256<int>.One;
                        for (int level = 0; level < top; level++)
                        {
                            Vector256<int> threshold = Avx2.PermuteVar8x32(topKeys, place);
                            place = Step(place, threshold, Avx2.GatherVector256(block, Avx2.PermuteVar8x32(topColumns, place) + lanes, sizeof(int)));
                        }

                        if (depth > 3)
                        {
                            Vector256<int> threshold = Avx2.PermuteVar8x32(nextKeys, place); // The lowest three bits count.
                            place = Step(place, threshold, Avx2.GatherVector256(block, Avx2.PermuteVar8x32(nextColumns, place) + lanes, sizeof(int)));
                        }

                        for (int level = 4; level < depth; level++)
                        {
                            Vector256<int> threshold = Avx2.GatherVector256(nodeKeys, place, sizeof(int));
                            Vector256<int> column = Avx2.GatherVector256(nodeColumns, place, sizeof(int));
                            place = Step(place, threshold, Avx2.GatherVector256(block, column + lanes, sizeof(int)));
                        }

                        (Vector256.Load(sums + row) + Avx2.GatherVector256(leaves, place, sizeof(float))).Store(sums + row);
                    }
                }

                sums += stride;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Step(Vector256<int> place, Vector256<int> threshold, Vector256<int> key) =>
        place + place + Vector256<int>.One + Avx2.CompareGreaterThan(threshold, key); // The mask is -1 where left.
}
