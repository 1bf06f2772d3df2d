using PricingCore.Training.Trees;

namespace PricingCore.Training.Tests.Onnx;

/// <summary>Forests from a seed, with what real ones have and what breaks kernels: leaves at any depth, repeated thresholds, zeros of both signs.</summary>
internal static class RandomForest
{
    /// <summary>Forests as a trainer makes them: full to the depth.</summary>
    public static DecisionForest Balanced(int seed, int features, int targets, int trees, int depth) =>
        Of(seed, features, targets, trees, depth, leafChance: 0);

    /// <summary>A forest.</summary>
    /// <param name="seed">The same seed gives the same forest.</param>
    /// <param name="features">Features in a row.</param>
    /// <param name="targets">Targets; the trees take turns.</param>
    /// <param name="trees">How many trees.</param>
    /// <param name="depth">The most comparisons on a path.</param>
    /// <param name="leafChance">How likely a node above that is a leaf, 0 to 1; at 0 all trees are full.</param>
    public static DecisionForest Of(int seed, int features, int targets, int trees, int depth, double leafChance)
    {
        var random = new Random(seed);
        return new DecisionForest(
            features, targets, [.. Enumerable.Range(0, trees).Select(t => new Grower(random, features, leafChance).Grow(depth, t % targets))]);
    }

    /// <summary>A tree that is a chain: each right child is compared further, <paramref name="depth"/> times.</summary>
    public static DecisionTree Chain(int depth, int target)
    {
        int count = (2 * depth) + 1;
        int[] left = new int[count], right = new int[count];
        float[] value = new float[count];
        for (int i = 0; i < count; i++)
        {
            bool isLeaf = i % 2 == 1 || i == count - 1;
            (left[i], right[i]) = isLeaf ? (-1, -1) : (i + 1, i + 2);
            value[i] = isLeaf ? i / 7f : -i;
        }

        return new DecisionTree(left, right, new int[count], value, [.. Enumerable.Range(0, count).Select(i => i % 4 == 2)], target);
    }

    /// <summary>Thresholds as features have them: small numbers that repeat, and some that no arithmetic should round.</summary>
    public static float Threshold(Random random) => random.Next(12) switch
    {
        0 => 0f,
        1 => -0f,
        2 => float.Epsilon * random.Next(1, 9),
        3 => random.NextSingle() * 1e30f,
        < 8 => random.Next(-4, 20) / 4f,
        _ => (random.NextSingle() - 0.3f) * 10,
    };

    private sealed class Grower(Random random, int features, double leafChance)
    {
        private readonly List<int> _left = [], _right = [], _feature = [];
        private readonly List<float> _value = [];
        private readonly List<bool> _missing = [];

        public DecisionTree Grow(int depth, int target)
        {
            Add(depth, isRoot: true);
            return new DecisionTree([.. _left], [.. _right], [.. _feature], [.. _value], [.. _missing], target);
        }

        private int Add(int depth, bool isRoot = false)
        {
            int node = _left.Count;
            bool isLeaf = depth == 0 || (!isRoot && random.NextDouble() < leafChance);
            _left.Add(-1);
            _right.Add(-1);
            _feature.Add(isLeaf ? 0 : random.Next(features));
            _value.Add(isLeaf ? (random.NextSingle() - 0.4f) / 3 : Threshold(random));
            _missing.Add(!isLeaf && random.Next(2) == 0);
            if (!isLeaf)
            {
                _left[node] = Add(depth - 1);
                _right[node] = Add(depth - 1);
            }

            return node;
        }
    }
}
