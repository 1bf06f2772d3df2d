using System.Runtime.CompilerServices;

namespace PricingCore.Forecasts.Trees;

/// <summary>Trees that are walked for one row, eight at a time, in plain C#: while a step of one waits for memory the others go on.</summary>
/// <remarks>
/// Eight trees share a group: first the eight roots, then the sixteen nodes below, and so on. A tree's position is its place x 8, so that all
/// eight are found from one address: <c>node = group[position + tree]</c>, and <c>position = 2 x position + (key at or above ? 8 : 0)</c>.
/// A node is the key in the low half of 64 bits and its column in the high half.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed unsafe class InterleavedForest
{
    private const int Group = 8;

    private readonly AlignedArray<long> _nodes;
    private readonly AlignedArray<float> _leaves;
    private readonly int[] _ends;
    private readonly int _depth;
    private readonly int _stride;

    /// <param name="ensemble">All trees.</param>
    /// <param name="shape">Those that are needed.</param>
    public InterleavedForest(TreeEnsemble ensemble, ForestShape shape)
    {
        _ends = shape.Ends;
        _depth = shape.Depth;
        _stride = Group * shape.Stride;
        int groups = (shape.Trees.Length + Group - 1) / Group;
        _nodes = new AlignedArray<long>(groups * _stride);
        _leaves = new AlignedArray<float>(groups * _stride);
        for (int t = 0; t < shape.Trees.Length; t++)
        {
            long* nodes = _nodes.Start + (t / Group * _stride) + (t % Group);
            float* leaves = _leaves.Start + (t / Group * _stride) + (t % Group);
            shape.Pad(
                ensemble,
                shape.Trees[t],
                (place, key, column) => nodes[place * Group] = ((long)column << 32) | unchecked((uint)key),
                (leaf, value) => leaves[leaf * Group] = value);
        }
    }

    /// <summary>Walks all trees for one row.</summary>
    /// <param name="keys">The keys of the row.</param>
    /// <param name="sums">Where the sums go: one every <paramref name="sumStride"/> floats.</param>
    /// <param name="sumStride">From one target to the next.</param>
    // Positions are within arrays that were sized for them; an overflow check on each step would cost as much as the step.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Row(int* keys, float* sums, int sumStride)
    {
        unchecked
        {
            long* nodes = _nodes.Start;
            float* leaves = _leaves.Start - _stride; // The first leaf follows the last place.
            float* reached = stackalloc float[Group];
            int count = _ends.Length == 0 ? 0 : _ends[^1];
            int target = 0;
            float sum = 0;
            for (; target < _ends.Length && _ends[target] == 0; target++)
            {
                sums[target * sumStride] = 0; // No trees: the loop below does not come by.
            }

            for (int t = 0; t < count; t += Group, nodes += _stride, leaves += _stride)
            {
                long a = Group, b = Group, c = Group, d = Group, e = Group, f = Group, g = Group, h = Group;
                for (int level = _depth; level > 0; level--)
                {
                    a = Step(nodes, keys, a);
                    b = Step(nodes + 1, keys, b);
                    c = Step(nodes + 2, keys, c);
                    d = Step(nodes + 3, keys, d);
                    e = Step(nodes + 4, keys, e);
                    f = Step(nodes + 5, keys, f);
                    g = Step(nodes + 6, keys, g);
                    h = Step(nodes + 7, keys, h);
                }

                if (t + Group < _ends[target])
                {
                    // One after the other, as every other runtime does: sums of floats depend on their order.
                    sum = sum + leaves[a] + leaves[b + 1] + leaves[c + 2] + leaves[d + 3] + leaves[e + 4] + leaves[f + 5] + leaves[g + 6] + leaves[h + 7];
                    continue;
                }

                (reached[0], reached[1], reached[2], reached[3]) = (leaves[a], leaves[b + 1], leaves[c + 2], leaves[d + 3]);
                (reached[4], reached[5], reached[6], reached[7]) = (leaves[e + 4], leaves[f + 5], leaves[g + 6], leaves[h + 7]);
                for (int i = 0; i < Group && t + i < count; i++)
                {
                    sum += reached[i];
                    while (target < _ends.Length && t + i + 1 == _ends[target])
                    {
                        sums[target++ * sumStride] = sum;
                        sum = 0;
                    }
                }
            }
        }
    }

    /// <summary>From a position to its left child when the key is below that of the node, else to the right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Step(long* nodes, int* keys, long position)
    {
        unchecked
        {
            long node = nodes[position];
            int right = keys[node >> 32] >= (int)node ? 1 : 0; // As 1 or 0 it needs no branch, which would be guessed wrong half of the time.
            return (2 * position) + ((long)right * Group);
        }
    }
}
