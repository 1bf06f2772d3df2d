using System.Runtime.CompilerServices;

namespace PricingCore.Forecasts.Trees;

/// <summary>Trees that are evaluated for 32 rows at once with AVX-512F, from the leaves up: at each node the left or the right value goes on.</summary>
/// <remarks>
/// <para>No row is followed down a tree, so nothing is looked up by row: a node compares a whole column of keys with one number. That is 2^depth
/// comparisons in place of depth, but 32 rows at a time, without waiting; gathering instead took three times as long.</para>
/// <para>Trees lie one after the other, each with 2^depth places: place 1 is the root, the children of i are 2i and 2i + 1.</para>
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed unsafe class TournamentForest
{
    /// <summary>The most levels of a tournament, whose time doubles with each; at 8, following each row takes two thirds of it.</summary>
    public const int MaxDepth = 6;

    private const int TierDepth = ForestShape.MinDepth; // Levels that are played in registers.

    private readonly AlignedArray<int> _keys;
    private readonly AlignedArray<int> _columns; // Where a column starts: its number x the rows of a block.
    private readonly AlignedArray<float> _leaves;
    private readonly int[] _ends;
    private readonly int _depth;

    /// <param name="ensemble">All trees.</param>
    /// <param name="shape">Those that are needed.</param>
    /// <param name="columnStride">Keys from one column to the next.</param>
    public TournamentForest(TreeEnsemble ensemble, ForestShape shape, int columnStride)
    {
        _ends = shape.Ends;
        _depth = shape.Depth;
        _keys = new AlignedArray<int>(shape.Trees.Length * shape.Stride);
        _columns = new AlignedArray<int>(shape.Trees.Length * shape.Stride);
        _leaves = new AlignedArray<float>(shape.Trees.Length * shape.Stride);
        for (int t = 0; t < shape.Trees.Length; t++)
        {
            int start = t * shape.Stride;
            shape.Pad(
                ensemble,
                shape.Trees[t],
                (place, key, column) => (_keys.Start[start + place], _columns.Start[start + place]) = (key, column * columnStride),
                (leaf, value) => _leaves.Start[start + leaf] = value);
        }
    }

    /// <summary>Evaluates 32 rows.</summary>
    /// <param name="columns">The keys of the rows, column by column.</param>
    /// <param name="sums">Where the sums go, target by target.</param>
    /// <param name="sumStride">From one target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit] // Each winner is written before it is read.
    public void Rows(int* columns, float* sums, int sumStride)
    {
        unchecked
        {
            int places = 1 << _depth;
            int* keys = _keys.Start;
            int* offsets = _columns.Start;
            float* leaves = _leaves.Start;
            float* winners = stackalloc float[Lanes512.Count << (MaxDepth - TierDepth)];
            int t = 0;
            foreach (int end in _ends)
            {
                Lanes512 sum = Lanes512.All(0);
                for (; t < end; t++, keys += places, offsets += places, leaves += places)
                {
                    int first = places >> TierDepth;
                    for (int i = 0; i < first; i++)
                    {
                        Tier(columns, keys, offsets, first + i, leaves + (i << TierDepth)).Store(winners + (i * Lanes512.Count));
                    }

                    for (first >>= 1; first > 0; first >>= 1)
                    {
                        for (int i = 0; i < first; i++)
                        {
                            float* pair = winners + (2 * i * Lanes512.Count);
                            Lanes512 winner = Lanes512.Choose(
                                columns + offsets[first + i], keys[first + i], Lanes512.Load(pair), Lanes512.Load(pair + Lanes512.Count));
                            winner.Store(winners + (i * Lanes512.Count));
                        }
                    }

                    sum = Lanes512.Add(sum, Lanes512.Load(winners));
                }

                sum.Store(sums);
                sums += sumStride;
            }
        }
    }

    /// <summary>Three levels: eight leaves, and the seven nodes above them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes512 Tier(int* columns, int* keys, int* offsets, int top, float* leaves)
    {
        unchecked
        {
            int below = 4 * top;
            Lanes512 a = Lanes512.Choose(columns + offsets[below], keys[below], Lanes512.All(leaves[0]), Lanes512.All(leaves[1]));
            Lanes512 b = Lanes512.Choose(columns + offsets[below + 1], keys[below + 1], Lanes512.All(leaves[2]), Lanes512.All(leaves[3]));
            Lanes512 left = Lanes512.Choose(columns + offsets[2 * top], keys[2 * top], a, b);
            Lanes512 c = Lanes512.Choose(columns + offsets[below + 2], keys[below + 2], Lanes512.All(leaves[4]), Lanes512.All(leaves[5]));
            Lanes512 d = Lanes512.Choose(columns + offsets[below + 3], keys[below + 3], Lanes512.All(leaves[6]), Lanes512.All(leaves[7]));
            Lanes512 right = Lanes512.Choose(columns + offsets[(2 * top) + 1], keys[(2 * top) + 1], c, d);
            return Lanes512.Choose(columns + offsets[top], keys[top], left, right);
        }
    }
}
