using FsCheck.Fluent;
using PricingCore.Explanations;
using PricingCore.Forecasts.Trees;

namespace PricingCore.Tests.Explanations;

/// <summary>
/// Goal: a contribution is the Shapley value of its feature, exactly.
/// Method: on small random ensembles (up to 8 features, features met again on a path, missing values, nodes that no row reaches) against
/// the definition over all subsets; on larger ones, that contributions add up to the sum of the leaves.
/// Control: without merging a feature that is met again, or with a missing value sent the wrong way, the comparison with the definition fails.
/// </summary>
public sealed class TreeContributionsProperties
{
    private const double Tolerance = 1e-9; // Sums of some hundred doubles of about 1.

    [Fact]
    public void Explain_AsTheDefinitionSays_ForSmallEnsembles() => ForAnySeed(300, random =>
    {
        int features = random.Next(1, 9);
        TreeEnsemble trees = RandomTrees.Make(random, features, trees: random.Next(1, 5), maxDepth: random.Next(0, 6), targets: random.Next(1, 3));
        var covers = new TreeCovers(trees, RandomTrees.Rows(random, features, random.Next(0, 30)));
        var contributions = new TreeContributions(trees, covers);
        float[] row = RandomTrees.Rows(random, features, 1);
        for (int target = 0; target < trees.TargetCount; target++)
        {
            double[] found = new double[features];
            contributions.Explain(row, target, found);
            double[] values = [.. Enumerable.Range(0, 1 << features).Select(known => ExpectedSum(trees, covers, row, target, known))];
            double[] expected = Shapley(values, features);
            for (int feature = 0; feature < features; feature++)
            {
                Assert.Equal(expected[feature], found[feature], Tolerance);
            }

            Assert.Equal(values[0], contributions.BaseValue(target), Tolerance);
        }
    });

    [Fact]
    public void Explain_AddsUpToTheSumOfTheLeaves_ForDeepEnsembles() => ForAnySeed(20, random =>
    {
        const int Features = 64;
        TreeEnsemble trees = RandomTrees.Make(random, Features, trees: 20, maxDepth: random.Next(6, 24));
        var contributions = new TreeContributions(trees, new TreeCovers(trees, RandomTrees.Rows(random, Features, 200)));
        float[] row = RandomTrees.Rows(random, Features, 1);
        double[] found = new double[Features];
        contributions.Explain(row, 0, found);

        Assert.Equal(contributions.Sum(row, 0), contributions.BaseValue(0) + found.Sum(), 1e-4); // The leaves are added as floats.
        HashSet<int> asked = [.. Enumerable.Range(0, trees.Starts[^1]).Where(node => !trees.IsLeaf(node)).Select(node => trees.Feature[node])];
        Assert.All(Enumerable.Range(0, Features).Where(feature => !asked.Contains(feature)), feature => Assert.Equal(0, found[feature]));
    });

    [Fact]
    public void Explain_OfTwoFeaturesThatDoTheSame_GivesBothTheSame()
    {
        // 1 if x < 1/2 and y < 1/2, else 0; and its mirror image, so that neither feature comes first.
        TreeEnsemble trees = Both(first: 0, second: 1);
        TreeEnsemble mirrored = Both(first: 1, second: 0);
        float[] rows = [0, 0, 0, 1, 1, 0, 1, 1];
        double[] found = new double[2];
        double[] other = new double[2];
        new TreeContributions(trees, new TreeCovers(trees, rows)).Explain([0, 0], 0, found);
        new TreeContributions(mirrored, new TreeCovers(mirrored, rows)).Explain([0, 0], 0, other);

        Assert.Equal(0.375, found[0], Tolerance); // From 1/4 on average to 1, in equal parts.
        Assert.Equal(0.375, found[1], Tolerance);
        Assert.Equal(found[0], other[1], Tolerance);
        Assert.Equal(found[1], other[0], Tolerance);
    }

    private static TreeEnsemble Both(int first, int second) => new()
    {
        FeatureCount = 2,
        TargetCount = 1,
        BaseValues = [],
        Starts = [0, 5],
        Target = [0],
        Depth = [2],
        Left = [1, 2, 0, 0, 0],
        Right = [4, 3, 0, 0, 0],
        Feature = [first, second, 0, 0, 0],
        Value = [0.5f, 0.5f, 1, 0, 0],
        MissingGoesLeft = new bool[5],
    };

    /// <summary>What the trees add up to when only some features are known: the definition, and nothing of the algorithm.</summary>
    private static double ExpectedSum(TreeEnsemble trees, TreeCovers covers, float[] row, int target, int known)
    {
        double sum = trees.BaseValues.Length == 0 ? 0 : trees.BaseValues[target];
        for (int tree = 0; tree < trees.TreeCount; tree++)
        {
            sum += trees.Target[tree] == target ? Expected(trees.Starts[tree]) : 0;
        }

        return sum;

        double Expected(int node)
        {
            if (trees.IsLeaf(node))
            {
                return trees.Value[node];
            }

            (int left, int right) = (trees.Left[node], trees.Right[node]);
            float value = row[trees.Feature[node]];
            bool goesLeft = float.IsNaN(value) ? trees.MissingGoesLeft[node] : value < trees.Value[node];
            return (known >> trees.Feature[node] & 1) == 1
                ? Expected(goesLeft ? left : right)
                : (covers.Share(node, left) * Expected(left)) + (covers.Share(node, right) * Expected(right));
        }
    }

    private static double[] Shapley(double[] values, int features)
    {
        double[] shapley = new double[features];
        for (int known = 0; known < values.Length; known++)
        {
            int size = int.PopCount(known);
            double weight = Factorial(size) * Factorial(features - size - 1) / Factorial(features);
            for (int feature = 0; feature < features; feature++)
            {
                if ((known >> feature & 1) == 0)
                {
                    shapley[feature] += weight * (values[known | 1 << feature] - values[known]);
                }
            }
        }

        return shapley;
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

    private static void ForAnySeed(int count, Action<Random> property) => FsCheck.Check.One(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(count), Prop.ForAll(Seeds.Any, seed => property(new Random(seed))));
}
