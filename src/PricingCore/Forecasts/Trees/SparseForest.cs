using System.Runtime.CompilerServices;

namespace PricingCore.Forecasts.Trees;

/// <summary>Trees as they grew, for those that are too deep or too uneven to be padded: each walk ends at its own leaf.</summary>
/// <remarks>A node's left child follows it; its right child is named. A leaf has no column, and its value in place of the key.</remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed unsafe class SparseForest
{
    private const int NoColumn = -1;

    private readonly AlignedArray<Node> _nodes;
    private readonly int[] _roots;
    private readonly int[] _ends;

    /// <param name="ensemble">All trees.</param>
    /// <param name="shape">Those that are needed.</param>
    public SparseForest(TreeEnsemble ensemble, ForestShape shape)
    {
        int[] trees = shape.Trees;
        _ends = shape.Ends;
        _roots = new int[trees.Length];
        _nodes = new AlignedArray<Node>(trees.Sum(tree => ensemble.Starts[tree + 1] - ensemble.Starts[tree]));
        int count = 0;
        for (int t = 0; t < trees.Length; t++)
        {
            int start = ensemble.Starts[trees[t]];
            _roots[t] = count;
            for (int node = start; node < ensemble.Starts[trees[t] + 1]; node++)
            {
                _nodes.Start[count++] = NodeOf(ensemble, node, _roots[t] - start);
            }
        }
    }

    /// <summary>Walks all trees for one row.</summary>
    /// <param name="keys">The keys of the row.</param>
    /// <param name="sums">Where the sums go: one every <paramref name="sumStride"/> floats.</param>
    /// <param name="sumStride">From one target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Row(int* keys, float* sums, int sumStride)
    {
        unchecked // As in InterleavedForest.
        {
            Node* nodes = _nodes.Start;
            int t = 0;
            foreach (int end in _ends)
            {
                float sum = 0;
                for (; t < end; t++)
                {
                    Node* node = nodes + _roots[t];
                    while (node->Column >= 0)
                    {
                        node = keys[node->Column] < node->Key ? node + 1 : nodes + node->Right;
                    }

                    sum += BitConverter.Int32BitsToSingle(node->Key);
                }

                *sums = sum;
                sums += sumStride;
            }
        }
    }

    private static Node NodeOf(TreeEnsemble ensemble, int node, int moved) => ensemble.IsLeaf(node)
        ? new Node { Key = BitConverter.SingleToInt32Bits(ensemble.Value[node]), Column = NoColumn }
        : new Node
        {
            Key = RowKeys.Of(ensemble.Value[node]),
            Column = RowKeys.ColumnOf(ensemble, node),
            Right = ensemble.Right[node] + moved,
        };

    private struct Node
    {
        public int Key;
        public int Column;
        public int Right;
    }
}
