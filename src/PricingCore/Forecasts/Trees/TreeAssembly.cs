namespace PricingCore.Forecasts.Trees;

/// <summary>The lists of a TreeEnsembleRegressor as they are in the file: one entry a node, and one a leaf.</summary>
internal sealed class TreeNodeLists
{
    public required long[] TreeIds { get; init; }

    public required long[] NodeIds { get; init; }

    public required long[] Features { get; init; }

    public required float[] Thresholds { get; init; }

    public required byte[] Modes { get; init; }

    public required long[] WhenTrue { get; init; }

    public required long[] WhenFalse { get; init; }

    /// <summary>Empty when nothing is said: then a missing value follows the comparison, which is false.</summary>
    public required long[] MissingTracksTrue { get; init; }

    public required long[] LeafTrees { get; init; }

    public required long[] LeafNodes { get; init; }

    public required long[] LeafTargets { get; init; }

    public required float[] LeafWeights { get; init; }
}

/// <summary>Puts the lists together to trees, and checks that they are trees: each node but the root has one parent, each leaf one target.</summary>
/// <threadsafety>One thread, used once.</threadsafety>
internal sealed class TreeAssembly
{
    private readonly TreeNodeLists _lists;
    private readonly int _targets;
    private readonly TreeEnsemble _trees;
    private readonly Dictionary<(long Tree, long Node), (int Target, float Weight)> _leaves = [];
    private readonly Dictionary<long, int> _places = []; // Of the current tree: node id to place in the lists.
    private readonly HashSet<long> _treeIds = [];
    private readonly List<int> _starts = [];
    private readonly List<int> _treeTargets = [];
    private readonly List<int> _depths = [];
    private int _count;

    public TreeAssembly(TreeNodeLists lists, int featureCount, int targets, float[] baseValues)
    {
        _lists = lists;
        _targets = targets;
        CheckLengths();
        int nodes = lists.TreeIds.Length;
        _trees = new TreeEnsemble
        {
            FeatureCount = featureCount,
            TargetCount = targets,
            BaseValues = baseValues,
            Starts = [],
            Target = [],
            Depth = [],
            Left = new int[nodes],
            Right = new int[nodes],
            Feature = new int[nodes],
            Value = new float[nodes],
            MissingGoesLeft = new bool[nodes],
        };
    }

    public TreeEnsemble Assemble()
    {
        CollectLeaves();
        int from = 0;
        while (from < _lists.TreeIds.Length)
        {
            int to = from + 1;
            while (to < _lists.TreeIds.Length && _lists.TreeIds[to] == _lists.TreeIds[from])
            {
                to++;
            }

            AddTree(from, to);
            from = to;
        }

        if (_leaves.Count > 0)
        {
            throw new GraphRefusedException($"{_leaves.Count} weights belong to no leaf");
        }

        return new TreeEnsemble
        {
            FeatureCount = _trees.FeatureCount,
            TargetCount = _targets,
            BaseValues = _trees.BaseValues,
            Starts = [.. _starts, _count],
            Target = [.. _treeTargets],
            Depth = [.. _depths],
            Left = _trees.Left,
            Right = _trees.Right,
            Feature = _trees.Feature,
            Value = _trees.Value,
            MissingGoesLeft = _trees.MissingGoesLeft,
        };
    }

    private void CheckLengths()
    {
        int nodes = _lists.TreeIds.Length;
        int leaves = _lists.LeafTrees.Length;
        bool fit = _lists.NodeIds.Length == nodes && _lists.Features.Length == nodes && _lists.Thresholds.Length == nodes && _lists.Modes.Length == nodes
            && _lists.WhenTrue.Length == nodes && _lists.WhenFalse.Length == nodes
            && (_lists.MissingTracksTrue.Length == nodes || _lists.MissingTracksTrue.Length == 0)
            && _lists.LeafNodes.Length == leaves && _lists.LeafTargets.Length == leaves && _lists.LeafWeights.Length == leaves;
        if (!fit || nodes == 0)
        {
            throw new GraphRefusedException("the lists of the trees are empty or of different lengths");
        }
    }

    private void CollectLeaves()
    {
        for (int i = 0; i < _lists.LeafTrees.Length; i++)
        {
            long target = _lists.LeafTargets[i];
            if (target < 0 || target >= _targets || !float.IsFinite(_lists.LeafWeights[i]))
            {
                throw new GraphRefusedException($"a leaf adds {_lists.LeafWeights[i]} to target {target}; there are {_targets} targets");
            }

            if (!_leaves.TryAdd((_lists.LeafTrees[i], _lists.LeafNodes[i]), ((int)target, _lists.LeafWeights[i])))
            {
                throw new GraphRefusedException("a leaf has several targets");
            }
        }
    }

    private void AddTree(int from, int to)
    {
        if (_starts.Count == TreeEnsemble.MaxTrees)
        {
            throw new GraphRefusedException($"there are more than {TreeEnsemble.MaxTrees} trees");
        }

        if (!_treeIds.Add(_lists.TreeIds[from]))
        {
            throw new GraphRefusedException($"the nodes of tree {_lists.TreeIds[from]} do not lie together");
        }

        _places.Clear();
        for (int i = from; i < to; i++)
        {
            if (!_places.TryAdd(_lists.NodeIds[i], i))
            {
                throw new GraphRefusedException($"tree {_lists.TreeIds[from]} has two nodes {_lists.NodeIds[i]}");
            }
        }

        int start = _count;
        _starts.Add(start);
        _depths.Add(0);
        _treeTargets.Add(-1);
        AddNode(from, depth: 0);
        if (_count - start != to - from)
        {
            throw new GraphRefusedException($"tree {_lists.TreeIds[from]} has nodes that its first node does not lead to");
        }
    }

    /// <summary>Adds a node and all below it, parents first.</summary>
    /// <returns>Its place in the ensemble.</returns>
    private int AddNode(int place, int depth)
    {
        // Each node is taken out as it is used, so that a node with two parents, or a circle, is found.
        if (depth > TreeEnsemble.MaxDepth || !_places.Remove(_lists.NodeIds[place]))
        {
            throw new GraphRefusedException($"tree {_lists.TreeIds[place]} is deeper than {TreeEnsemble.MaxDepth}, or a node of it has two parents");
        }

        int node = _count++;
        if (TreeEnsembleReader.IsLeaf(_lists.Modes[place]))
        {
            AddLeaf(place, node, depth);
            return node;
        }

        (float threshold, bool swapped) = TreeEnsembleReader.AsLessThan(_lists.Modes[place], _lists.Thresholds[place]);
        long feature = _lists.Features[place];
        if (feature < 0 || feature >= _trees.FeatureCount || !float.IsFinite(threshold))
        {
            throw new GraphRefusedException(
                $"tree {_lists.TreeIds[place]} compares feature {feature} with {threshold}; there are {_trees.FeatureCount} features, and thresholds are finite");
        }

        bool missingIsTrue = _lists.MissingTracksTrue.Length > 0 && _lists.MissingTracksTrue[place] != 0;
        _trees.Feature[node] = (int)feature;
        _trees.Value[node] = threshold;
        _trees.MissingGoesLeft[node] = missingIsTrue != swapped;
        int whenTrue = Place(place, _lists.WhenTrue[place]);
        int whenFalse = Place(place, _lists.WhenFalse[place]);
        _trees.Left[node] = AddNode(swapped ? whenFalse : whenTrue, depth + 1);
        _trees.Right[node] = AddNode(swapped ? whenTrue : whenFalse, depth + 1);
        return node;
    }

    private void AddLeaf(int place, int node, int depth)
    {
        if (!_leaves.Remove((_lists.TreeIds[place], _lists.NodeIds[place]), out (int Target, float Weight) leaf))
        {
            throw new GraphRefusedException($"tree {_lists.TreeIds[place]} has a leaf without a target");
        }

        if (_treeTargets[^1] >= 0 && _treeTargets[^1] != leaf.Target)
        {
            throw new GraphRefusedException($"tree {_lists.TreeIds[place]} has leaves of several targets");
        }

        _treeTargets[^1] = leaf.Target;
        _trees.Value[node] = leaf.Weight;
        _depths[^1] = Math.Max(_depths[^1], depth);
    }

    private int Place(int parent, long node) =>
        _places.TryGetValue(node, out int place) ? place : throw new GraphRefusedException($"tree {_lists.TreeIds[parent]} has no free node {node}");
}
