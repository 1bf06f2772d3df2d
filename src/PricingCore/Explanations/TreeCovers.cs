using PricingCore.Forecasts.Trees;

namespace PricingCore.Explanations;

/// <summary>How often each node of an ensemble is passed: what a branch that is left open is averaged by.</summary>
/// <remarks>Counted with rows that stand for all, since the file of a model does not say it. A node that no row reaches halves.</remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class TreeCovers
{
    private const double Half = 0.5;

    private readonly int[] _rows;

    /// <summary>Counts rows.</summary>
    /// <param name="trees">The trees.</param>
    /// <param name="rows">Rows one after the other.</param>
    public TreeCovers(TreeEnsemble trees, ReadOnlySpan<float> rows)
    {
        _rows = new int[trees.Starts[^1]];
        for (int from = 0; from + trees.FeatureCount <= rows.Length; from += trees.FeatureCount)
        {
            ReadOnlySpan<float> row = rows.Slice(from, trees.FeatureCount);
            for (int tree = 0; tree < trees.TreeCount; tree++)
            {
                int node = trees.Starts[tree];
                _rows[node]++;
                while (!trees.IsLeaf(node))
                {
                    node = Next(trees, node, row);
                    _rows[node]++;
                }
            }
        }
    }

    /// <summary>The child that a row goes to.</summary>
    public static int Next(TreeEnsemble trees, int node, ReadOnlySpan<float> row)
    {
        float value = row[trees.Feature[node]];
        return (float.IsNaN(value) ? trees.MissingGoesLeft[node] : value < trees.Value[node]) ? trees.Left[node] : trees.Right[node];
    }

    /// <summary>The share of the parent's rows that go to a child.</summary>
    public double Share(int parent, int child) => _rows[parent] == 0 ? Half : _rows[child] / (double)_rows[parent];
}
