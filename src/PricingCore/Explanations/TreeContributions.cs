using PricingCore.Forecasts.Trees;

namespace PricingCore.Explanations;

/// <summary>How much each feature moved the sum of a target's trees away from what it is on average: exact Shapley values.</summary>
/// <remarks>
/// Path-dependent TreeSHAP: Lundberg et al., "From local explanations to global understanding with explainable AI for trees", Nature
/// Machine Intelligence 2 (2020), algorithm 2, which gives in time leaves x depth^2 what the definition says in time 2^features:
/// the average over all orders of the features of what the expected sum changes when this feature becomes known. The expected sum follows
/// the row where a feature is known, and takes both branches by <see cref="TreeCovers"/> where it is not.
/// Contributions and <see cref="BaseValue"/> add up to the sum of the leaves, but for the rounding of doubles.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class TreeContributions
{
    private const int Longest = TreeEnsemble.MaxDepth + 2; // Steps of a path: one a branch, and the root's.

    private static readonly double[] Inverse = [0, .. Enumerable.Range(1, Longest).Select(i => 1.0 / i)]; // A multiplication is several times faster than a division.

    private readonly TreeEnsemble _trees;
    private readonly TreeCovers _covers;
    private readonly double[] _baseValues;

    public TreeContributions(TreeEnsemble trees, TreeCovers covers)
    {
        _trees = trees;
        _covers = covers;
        _baseValues = new double[trees.TargetCount];
        for (int target = 0; target < trees.BaseValues.Length; target++)
        {
            _baseValues[target] = trees.BaseValues[target];
        }

        for (int tree = 0; tree < trees.TreeCount; tree++)
        {
            _baseValues[trees.Target[tree]] += Expected(trees.Starts[tree]);
        }
    }

    /// <summary>The expected sum of a target when nothing is known of a row.</summary>
    public double BaseValue(int target) => _baseValues[target];

    /// <summary>Adds up the leaves of a row as the model does, in single precision.</summary>
    public float Sum(ReadOnlySpan<float> row, int target)
    {
        float sum = 0;
        for (int tree = 0; tree < _trees.TreeCount; tree++)
        {
            if (_trees.Target[tree] == target)
            {
                int node = _trees.Starts[tree];
                while (!_trees.IsLeaf(node))
                {
                    node = TreeCovers.Next(_trees, node, row);
                }

                sum += _trees.Value[node];
            }
        }

        return _trees.BaseValues.Length == 0 ? sum : sum + _trees.BaseValues[target];
    }

    /// <summary>Computes the contribution of each feature.</summary>
    /// <param name="row">The row; missing features are not a number.</param>
    /// <param name="target">The target.</param>
    /// <param name="contributions">Where they go: one for each feature.</param>
    public void Explain(ReadOnlySpan<float> row, int target, Span<double> contributions)
    {
        contributions.Clear();
        var walk = new Walk(_trees, _covers, row, contributions, new Step[Longest * (Longest + 1) / 2]);
        for (int tree = 0; tree < _trees.TreeCount; tree++)
        {
            if (_trees.Target[tree] == target)
            {
                walk.Visit(_trees.Starts[tree], new Step { Feature = -1, Open = 1, IsKnown = true }, parentAt: 0, parentLength: 0);
            }
        }
    }

    private double Expected(int node) => _trees.IsLeaf(node)
        ? _trees.Value[node]
        : (_covers.Share(node, _trees.Left[node]) * Expected(_trees.Left[node])) + (_covers.Share(node, _trees.Right[node]) * Expected(_trees.Right[node]));

    /// <summary>A feature met on the way down.</summary>
    private struct Step
    {
        /// <summary>Which; -1 for the root's.</summary>
        public int Feature;

        /// <summary>Whether the row goes this way once the feature is known.</summary>
        public bool IsKnown;

        /// <summary>The share of rows that go this way while it is not.</summary>
        public double Open;

        /// <summary>The weight of all sets of known features of one size, among those met so far.</summary>
        public double Weight;
    }

    /// <summary>One walk through the trees of a target. Each level has its own copy of the path, after its parent's in one array.</summary>
    private ref struct Walk(TreeEnsemble trees, TreeCovers covers, ReadOnlySpan<float> row, Span<double> contributions, Step[] steps)
    {
        private readonly ReadOnlySpan<float> _row = row;
        private readonly Span<double> _contributions = contributions;

        /// <summary>Visits a node and all below it.</summary>
        /// <param name="node">The node.</param>
        /// <param name="last">The branch that led here.</param>
        /// <param name="parentAt">Where the parent's path begins.</param>
        /// <param name="parentLength">How long it is.</param>
        public void Visit(int node, in Step last, int parentAt, int parentLength)
        {
            int at = parentAt + parentLength;
            Span<Step> path = steps.AsSpan(at, parentLength + 1);
            steps.AsSpan(parentAt, parentLength).CopyTo(path);
            Extend(path, last);
            if (trees.IsLeaf(node))
            {
                double value = trees.Value[node];
                for (int i = 1; i < path.Length; i++)
                {
                    ref Step step = ref path[i];
                    _contributions[step.Feature] += WeightWithout(path, i) * ((step.IsKnown ? 1 : 0) - step.Open) * value;
                }

                return;
            }

            var next = new Step { Feature = trees.Feature[node], Open = 1, IsKnown = true };
            int length = path.Length;
            for (int i = 1; i < path.Length; i++)
            {
                if (path[i].Feature == next.Feature) // Met before: one feature counts once, with both branches together.
                {
                    (next.Open, next.IsKnown) = (path[i].Open, path[i].IsKnown);
                    Remove(path, i);
                    length--;
                    break;
                }
            }

            int taken = TreeCovers.Next(trees, node, _row);
            int other = taken == trees.Left[node] ? trees.Right[node] : trees.Left[node];
            double open = next.Open;
            next.Open = open * covers.Share(node, taken);
            Descend(taken, next, at, length);
            next.Open = open * covers.Share(node, other);
            next.IsKnown = false;
            Descend(other, next, at, length);
        }

        private void Descend(int child, in Step step, int at, int length)
        {
            if (step.Open != 0 || step.IsKnown) // Else no set of known features leads there.
            {
                Visit(child, step, at, length);
            }
        }

        private static void Extend(Span<Step> path, in Step last)
        {
            int depth = path.Length - 1;
            path[depth] = last;
            path[depth].Weight = depth == 0 ? 1 : 0;
            double part = Inverse[depth + 1];
            double known = last.IsKnown ? part : 0;
            double open = last.Open * part;
            for (int i = depth - 1; i >= 0; i--)
            {
                double weight = path[i].Weight;
                path[i + 1].Weight += known * weight * (i + 1);
                path[i].Weight = open * weight * (depth - i);
            }
        }

        /// <summary>Undoes the extension by a step, wherever it stands.</summary>
        private static void Remove(Span<Step> path, int index)
        {
            int depth = path.Length - 1;
            bool isKnown = path[index].IsKnown;
            double open = path[index].Open;
            double next = path[depth].Weight;
            for (int i = depth - 1; i >= 0; i--)
            {
                double weight = path[i].Weight;
                path[i].Weight = isKnown ? next * (depth + 1) * Inverse[i + 1] : weight * (depth + 1) / (open * (depth - i));
                next = weight - (path[i].Weight * open * (depth - i) * Inverse[depth + 1]);
            }

            for (int i = index; i < depth; i++)
            {
                double weight = path[i].Weight;
                path[i] = path[i + 1];
                path[i].Weight = weight;
            }
        }

        /// <summary>The sum of the weights that a path would have without a step.</summary>
        private static double WeightWithout(ReadOnlySpan<Step> path, int index)
        {
            int depth = path.Length - 1;
            double open = path[index].Open;
            double sum = 0;
            if (!path[index].IsKnown)
            {
                for (int i = depth - 1; i >= 0; i--)
                {
                    sum += path[i].Weight * Inverse[depth - i];
                }

                return sum * (depth + 1) / open;
            }

            double next = path[depth].Weight;
            double lost = open * Inverse[depth + 1];
            for (int i = depth - 1; i >= 0; i--)
            {
                double without = next * (depth + 1) * Inverse[i + 1];
                sum += without;
                next = path[i].Weight - (without * lost * (depth - i));
            }

            return sum;
        }
    }
}
