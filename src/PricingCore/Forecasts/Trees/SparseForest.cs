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
    /// <param name="targets">The targets that are needed, each once.</param>
    public SparseForest(TreeEnsemble ensemble, ReadOnlySpan<int> targets)
    {
        int[] trees = PerfectForest.TreesOf(ensemble, targets, out _ends);
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

    /// <summary>Walks all trees for a block of rows.</summary>
    /// <param name="keys">The keys of the rows.</param>
    /// <param name="width">Keys of a row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="sums">Where the sums go, target by target.</param>
    /// <param name="stride">From one target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rows(int* keys, int width, int rows, float* sums, int stride)
    {
        unchecked // As in PortableWalk.
        {
            Node* nodes = _nodes.Start;
            int t = 0;
            foreach (int end in _ends)
            {
                new Span<float>(sums, rows).Clear();
                for (; t < end; t++)
                {
                    Node* root = nodes + _roots[t];
                    int* row = keys;
                    for (int i = 0; i < rows; i++, row += width)
                    {
                        Node* node = root;
                        while (node->Column >= 0)
                        {
                            node = row[node->Column] < node->Key ? node + 1 : nodes + node->Right;
                        }

                        sums[i] += BitConverter.Int32BitsToSingle(node->Key);
                    }
                }

                sums += stride;
            }
        }
    }

    private static Node NodeOf(TreeEnsemble ensemble, int node, int moved) => ensemble.IsLeaf(node)
        ? new Node { Key = BitConverter.SingleToInt32Bits(ensemble.Value[node]), Column = NoColumn }
        : new Node
        {
            Key = RowKeys.Of(ensemble.Value[node]),
            Column = ensemble.Feature[node] + (ensemble.MissingGoesLeft[node] ? 0 : ensemble.FeatureCount),
            Right = ensemble.Right[node] + moved,
        };

    private struct Node
    {
        public int Key;
        public int Column;
        public int Right;
    }
}
