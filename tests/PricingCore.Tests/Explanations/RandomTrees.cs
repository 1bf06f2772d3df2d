using PricingCore.Forecasts.Trees;

namespace PricingCore.Tests.Explanations;

/// <summary>Small random ensembles and rows, from a seed.</summary>
internal sealed class RandomTrees
{
    private readonly Random _random;
    private readonly int _features;
    private readonly int _maxDepth;
    private readonly List<int> _left = [], _right = [], _feature = [];
    private readonly List<float> _value = [];
    private readonly List<bool> _missing = [];

    private RandomTrees(Random random, int features, int maxDepth)
    {
        _random = random;
        _features = features;
        _maxDepth = maxDepth;
    }

    public static TreeEnsemble Make(Random random, int features, int trees, int maxDepth, int targets = 1, bool isFull = false)
    {
        var made = new RandomTrees(random, features, maxDepth);
        List<int> starts = [], depths = [];
        for (int tree = 0; tree < trees; tree++)
        {
            starts.Add(made._left.Count);
            depths.Add(made.AddNode(0, isFull));
        }

        return new TreeEnsemble
        {
            FeatureCount = features,
            TargetCount = targets,
            BaseValues = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, targets).Select(_ => random.NextSingle())],
            Starts = [.. starts, made._left.Count],
            Target = [.. Enumerable.Range(0, trees).Select(tree => tree % targets)],
            Depth = [.. depths],
            Left = [.. made._left],
            Right = [.. made._right],
            Feature = [.. made._feature],
            Value = [.. made._value],
            MissingGoesLeft = [.. made._missing],
        };
    }

    public static float[] Rows(Random random, int features, int count) =>
        [.. Enumerable.Range(0, features * count).Select(_ => random.Next(6) == 0 ? float.NaN : random.NextSingle())];

    private int AddNode(int depth, bool isFull)
    {
        int node = _left.Count;
        bool isLeaf = depth == _maxDepth || (!isFull && depth > 0 && _random.Next(4) == 0);
        _left.Add(0);
        _right.Add(0);
        _feature.Add(isLeaf ? 0 : _random.Next(_features));
        _value.Add(isLeaf ? (_random.NextSingle() * 2) - 1 : _random.NextSingle());
        _missing.Add(!isLeaf && _random.Next(2) == 0);
        if (isLeaf)
        {
            return depth;
        }

        _left[node] = _left.Count;
        int left = AddNode(depth + 1, isFull);
        _right[node] = _left.Count;
        return Math.Max(left, AddNode(depth + 1, isFull));
    }
}
