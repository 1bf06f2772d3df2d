using System.Runtime.CompilerServices;

namespace PricingCore.Forecasts.Trees;

/// <summary>Trees that are evaluated for a block of rows at once, from the leaves up: at each node the left or the right value goes on.</summary>
/// <remarks>
/// <para>No row is followed down a tree, so nothing is looked up by row: a node compares a whole column of keys with one number. That is 2^depth
/// comparisons in place of depth, but sixteen rows at a time, without waiting; gathering instead took twice as long.</para>
/// <para>Trees lie one after the other, each with 2^depth places: place 1 is the root, the children of i are 2i and 2i + 1.</para>
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed unsafe class TournamentForest
{
    /// <summary>The most levels of a tournament; beyond, following each row is faster.</summary>
    public const int MaxDepth = 8;

    private const int TierDepth = ForestShape.MinDepth; // Levels that are played in registers.
    private const int LargestLanes = 32;

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

    /// <summary>Evaluates a block of rows.</summary>
    /// <param name="columns">The keys of the rows, column by column.</param>
    /// <param name="sums">Where the sums go, target by target.</param>
    /// <param name="sumStride">From one target to the next.</param>
    /// <typeparam name="TLanes">How many rows, and in which vectors.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit] // Each winner is written before it is read.
    public void Rows<TLanes>(int* columns, float* sums, int sumStride)
        where TLanes : struct, ILanes<TLanes>
    {
        unchecked
        {
            int places = 1 << _depth;
            int* keys = _keys.Start;
            int* offsets = _columns.Start;
            float* leaves = _leaves.Start;
            float* winners = stackalloc float[LargestLanes << (MaxDepth - TierDepth)];
            int t = 0;
            foreach (int end in _ends)
            {
                TLanes sum = TLanes.All(0);
                for (; t < end; t++, keys += places, offsets += places, leaves += places)
                {
                    int first = places >> TierDepth;
                    for (int i = 0; i < first; i++)
                    {
                        TLanes.Store(Tier<TLanes>(columns, keys, offsets, first + i, leaves + (i << TierDepth)), winners + (i * TLanes.Count));
                    }

                    for (first >>= 1; first > 0; first >>= 1)
                    {
                        for (int i = 0; i < first; i++)
                        {
                            float* pair = winners + (2 * i * TLanes.Count);
                            TLanes winner = TLanes.Choose(
                                columns + offsets[first + i], keys[first + i], TLanes.Load(pair), TLanes.Load(pair + TLanes.Count));
                            TLanes.Store(winner, winners + (i * TLanes.Count));
                        }
                    }

                    sum = TLanes.Add(sum, TLanes.Load(winners));
                }

                TLanes.Store(sum, sums);
                sums += sumStride;
            }
        }
    }

    /// <summary>Three levels: eight leaves, and the seven nodes above them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Tier<TLanes>(int* columns, int* keys, int* offsets, int top, float* leaves)
        where TLanes : struct, ILanes<TLanes>
    {
        unchecked
        {
            int below = 4 * top;
            TLanes a = TLanes.Choose(columns + offsets[below], keys[below], TLanes.All(leaves[0]), TLanes.All(leaves[1]));
            TLanes b = TLanes.Choose(columns + offsets[below + 1], keys[below + 1], TLanes.All(leaves[2]), TLanes.All(leaves[3]));
            TLanes left = TLanes.Choose(columns + offsets[2 * top], keys[2 * top], a, b);
            TLanes c = TLanes.Choose(columns + offsets[below + 2], keys[below + 2], TLanes.All(leaves[4]), TLanes.All(leaves[5]));
            TLanes d = TLanes.Choose(columns + offsets[below + 3], keys[below + 3], TLanes.All(leaves[6]), TLanes.All(leaves[7]));
            TLanes right = TLanes.Choose(columns + offsets[(2 * top) + 1], keys[(2 * top) + 1], c, d);
            return TLanes.Choose(columns + offsets[top], keys[top], left, right);
        }
    }
}
