namespace PricingCore.Forecasts.Trees;

/// <summary>Which trees some targets need, and how deep they are.</summary>
/// <param name="Trees">The trees target by target; within a target in their order, which is the order of the sum.</param>
/// <param name="Ends">How many trees there are up to the last one of each target.</param>
/// <param name="Depth">The most comparisons on a path; 3 or more, which is what a tournament takes at once.</param>
internal sealed record ForestShape(int[] Trees, int[] Ends, int Depth)
{
    /// <summary>The least depth that trees are padded to.</summary>
    public const int MinDepth = 3;

    private const int MaxDepth = 12; // Padded, a tree takes 12 bytes x 2^12.
    private const int SmallPlaces = 65_536; // So few that padding does not matter.
    private const int MaxPadding = 4; // Places for each real node, else the padding costs more than it saves.

    /// <summary>Places of a tree that is padded to the depth of all.</summary>
    public int Stride => 1 << Depth;

    /// <summary>Finds the trees of some targets.</summary>
    /// <param name="ensemble">All trees.</param>
    /// <param name="targets">The targets, each once.</param>
    public static ForestShape Of(TreeEnsemble ensemble, ReadOnlySpan<int> targets)
    {
        List<int> trees = [];
        int[] ends = new int[targets.Length];
        int depth = MinDepth;
        for (int i = 0; i < targets.Length; i++)
        {
            for (int t = 0; t < ensemble.TreeCount; t++)
            {
                if (ensemble.Target[t] == targets[i])
                {
                    trees.Add(t);
                    depth = Math.Max(depth, ensemble.Depth[t]);
                }
            }

            ends[i] = trees.Count;
        }

        return new ForestShape([.. trees], ends, depth);
    }

    /// <summary>Whether the trees are even enough to be padded to one depth.</summary>
    public bool IsEven(TreeEnsemble ensemble)
    {
        long nodes = Trees.Sum(tree => (long)ensemble.Starts[tree + 1] - ensemble.Starts[tree]);
        return Depth <= MaxDepth && (long)Trees.Length * Stride <= Math.Max(SmallPlaces, MaxPadding * nodes);
    }

    /// <summary>Visits all places of a tree that is padded: a leaf higher up becomes branches whose leaves are all the same.</summary>
    /// <param name="ensemble">All trees.</param>
    /// <param name="tree">Which tree.</param>
    /// <param name="branch">Takes a place from 1 to 2^depth - 1, its key and its column of <see cref="RowKeys"/>; the children of place i are 2i and 2i + 1.</param>
    /// <param name="leaf">Takes a leaf from 0 and its value.</param>
    public void Pad(TreeEnsemble ensemble, int tree, Action<int, int, int> branch, Action<int, float> leaf) =>
        Pad(ensemble, ensemble.Starts[tree], 1, branch, leaf);

    private void Pad(TreeEnsemble ensemble, int node, int place, Action<int, int, int> branch, Action<int, float> leaf)
    {
        if (place >= Stride)
        {
            leaf(place - Stride, ensemble.Value[node]);
            return;
        }

        bool isLeaf = ensemble.IsLeaf(node);
        int key = isLeaf ? int.MaxValue : RowKeys.Of(ensemble.Value[node]);
        branch(place, key, isLeaf ? 0 : RowKeys.ColumnOf(ensemble, node));
        Pad(ensemble, isLeaf ? node : ensemble.Left[node], 2 * place, branch, leaf);
        Pad(ensemble, isLeaf ? node : ensemble.Right[node], (2 * place) + 1, branch, leaf);
    }
}
