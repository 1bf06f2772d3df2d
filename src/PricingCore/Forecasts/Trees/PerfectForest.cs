namespace PricingCore.Forecasts.Trees;

/// <summary>Trees padded to one depth, so that a walk is as many steps for each and a child's place follows from its parent's.</summary>
/// <remarks>
/// <para>A tree of depth d has <see cref="Stride"/> = 2^d places. Place 1 is its root; the children of i are 2i and 2i + 1; level k starts at
/// place 2^k, which is where whole vectors of it start too. The leaves follow in order. A leaf higher up is padded by branches whose leaves
/// are all the same.</para>
/// <para>Trees are grouped by target. Within a target they keep their order, which is the order of the sum.</para>
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed unsafe class PerfectForest
{
    /// <summary>The most levels that are padded: a tree takes 12 bytes x 2^12.</summary>
    public const int MaxDepth = 12;

    private const int SmallPlaces = 65_536; // So few that padding does not matter.
    private const int MaxPadding = 4; // Places for each real node, else the padding costs more than it saves.
    private const int Lanes = 16; // Trees are padded to whole vectors.

    private readonly TreeEnsemble _ensemble;
    private readonly AlignedArray<long> _nodes;
    private readonly AlignedArray<int> _keys;
    private readonly AlignedArray<int> _columns;
    private readonly AlignedArray<float> _leaves;

    /// <param name="ensemble">All trees.</param>
    /// <param name="targets">The targets that are needed, each once.</param>
    public PerfectForest(TreeEnsemble ensemble, ReadOnlySpan<int> targets)
    {
        _ensemble = ensemble;
        int[] trees = TreesOf(ensemble, targets, out int[] ends);
        TreeEnds = ends;
        TreeCount = trees.Length;
        Depth = DepthOf(ensemble, trees);
        int places = (TreeCount + Lanes - 1) / Lanes * Lanes * Stride;
        _nodes = new AlignedArray<long>(places);
        _keys = new AlignedArray<int>(places);
        _columns = new AlignedArray<int>(places);
        _leaves = new AlignedArray<float>(places);
        for (int t = 0; t < trees.Length; t++)
        {
            Fill(ensemble.Starts[trees[t]], place: 1, t * Stride);
        }
    }

    /// <summary>Steps of a walk.</summary>
    public int Depth { get; }

    /// <summary>Places of a tree.</summary>
    public int Stride => 1 << Depth;

    /// <summary>How many trees.</summary>
    public int TreeCount { get; }

    /// <summary>How many trees there are up to the last one of each target.</summary>
    public int[] TreeEnds { get; }

    /// <summary>The nodes: the key in the low half, its column in the high half.</summary>
    public long* Nodes => _nodes.Start;

    /// <summary>The keys alone.</summary>
    public int* Keys => _keys.Start;

    /// <summary>The columns alone.</summary>
    public int* Columns => _columns.Start;

    /// <summary>The leaves.</summary>
    public float* Leaves => _leaves.Start;

    /// <summary>Whether the trees of some targets are even enough to be padded.</summary>
    public static bool Fits(TreeEnsemble ensemble, ReadOnlySpan<int> targets)
    {
        int[] trees = TreesOf(ensemble, targets, out _);
        int depth = DepthOf(ensemble, trees);
        long nodes = trees.Sum(tree => (long)ensemble.Starts[tree + 1] - ensemble.Starts[tree]);
        return depth <= MaxDepth && ((long)trees.Length << depth) <= Math.Max(SmallPlaces, MaxPadding * nodes);
    }

    /// <summary>The trees of some targets, target by target, and how many there are up to the last one of each.</summary>
    public static int[] TreesOf(TreeEnsemble ensemble, ReadOnlySpan<int> targets, out int[] ends)
    {
        List<int> trees = [];
        ends = new int[targets.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            for (int t = 0; t < ensemble.TreeCount; t++)
            {
                if (ensemble.Target[t] == targets[i])
                {
                    trees.Add(t);
                }
            }

            ends[i] = trees.Count;
        }

        return [.. trees];
    }

    private static int DepthOf(TreeEnsemble ensemble, int[] trees) => trees.Length == 0 ? 0 : trees.Max(tree => ensemble.Depth[tree]);

    private void Fill(int node, int place, int start)
    {
        if (place >= Stride)
        {
            _leaves.Start[start + place - Stride] = _ensemble.Value[node];
            return;
        }

        bool isLeaf = _ensemble.IsLeaf(node);
        int key = isLeaf ? int.MaxValue : RowKeys.Of(_ensemble.Value[node]);
        int column = isLeaf ? 0 : _ensemble.Feature[node] + (_ensemble.MissingGoesLeft[node] ? 0 : _ensemble.FeatureCount);
        _nodes.Start[start + place] = ((long)column << 32) | unchecked((uint)key);
        _keys.Start[start + place] = key;
        _columns.Start[start + place] = column;
        Fill(isLeaf ? node : _ensemble.Left[node], 2 * place, start);
        Fill(isLeaf ? node : _ensemble.Right[node], (2 * place) + 1, start);
    }
}
