using PricingCore.Training.Trees;

namespace PricingCore.Training.Onnx;

/// <summary>Writes a forest as one TreeEnsembleRegressor: branches by "less than", sums, no base values.</summary>
internal static class EnsembleNode
{
    /// <summary>Adds the node to a graph that reads <see cref="GraphBuilder.Features"/>.</summary>
    /// <returns>The name of its output, float [N, targets].</returns>
    /// <exception cref="ArgumentException">The forest is empty or not well formed.</exception>
    public static string Add(GraphBuilder graph, DecisionForest forest, string output)
    {
        Check(forest);
        List<long> treeIds = [], nodeIds = [], features = [], whenTrue = [], whenFalse = [], missing = [];
        List<long> targetTrees = [], targetNodes = [], targets = [];
        List<float> thresholds = [], weights = [];
        List<string> modes = [];
        for (int t = 0; t < forest.Trees.Count; t++)
        {
            DecisionTree tree = forest.Trees[t];
            for (int node = 0; node < tree.Left.Length; node++)
            {
                bool isLeaf = tree.IsLeaf(node);
                treeIds.Add(t);
                nodeIds.Add(node);
                modes.Add(isLeaf ? "LEAF" : "BRANCH_LT");
                features.Add(isLeaf ? 0 : tree.Feature[node]);
                thresholds.Add(isLeaf ? 0 : tree.Value[node]);
                whenTrue.Add(isLeaf ? 0 : tree.Left[node]);
                whenFalse.Add(isLeaf ? 0 : tree.Right[node]);
                missing.Add(!isLeaf && tree.MissingGoesLeft[node] ? 1 : 0);
                if (isLeaf)
                {
                    targetTrees.Add(t);
                    targetNodes.Add(node);
                    targets.Add(tree.Target);
                    weights.Add(tree.Value[node]);
                }
            }
        }

        return graph.AddTrees(
            "TreeEnsembleRegressor",
            output,
            [GraphBuilder.Features],
            GraphBuilder.Integer("n_targets", forest.TargetCount),
            GraphBuilder.Text("aggregate_function", "SUM"),
            GraphBuilder.Text("post_transform", "NONE"),
            GraphBuilder.Integers("nodes_treeids", treeIds),
            GraphBuilder.Integers("nodes_nodeids", nodeIds),
            GraphBuilder.Integers("nodes_featureids", features),
            GraphBuilder.Floats("nodes_values", thresholds),
            GraphBuilder.Texts("nodes_modes", modes),
            GraphBuilder.Integers("nodes_truenodeids", whenTrue),
            GraphBuilder.Integers("nodes_falsenodeids", whenFalse),
            GraphBuilder.Integers("nodes_missing_value_tracks_true", missing),
            GraphBuilder.Integers("target_treeids", targetTrees),
            GraphBuilder.Integers("target_nodeids", targetNodes),
            GraphBuilder.Integers("target_ids", targets),
            GraphBuilder.Floats("target_weights", weights));
    }

    private static void Check(DecisionForest forest)
    {
        if (forest.Trees.Count == 0)
        {
            throw new ArgumentException("A forest must have a tree.", nameof(forest));
        }

        for (int t = 0; t < forest.Trees.Count; t++)
        {
            DecisionTree tree = forest.Trees[t];
            if (tree.Target < 0 || tree.Target >= forest.TargetCount)
            {
                throw new ArgumentException($"Tree {t} has target {tree.Target}; there are {forest.TargetCount}.", nameof(forest));
            }

            for (int node = 0; node < tree.Left.Length; node++)
            {
                CheckNode(forest, t, node);
            }
        }
    }

    private static void CheckNode(DecisionForest forest, int t, int node)
    {
        DecisionTree tree = forest.Trees[t];
        if (!float.IsFinite(tree.Value[node]))
        {
            throw new ArgumentException($"Tree {t}, node {node} has the value {tree.Value[node]}, which is not finite.", nameof(forest));
        }

        if (tree.IsLeaf(node))
        {
            return;
        }

        if (tree.Left[node] >= tree.Left.Length || tree.Right[node] < 0 || tree.Right[node] >= tree.Left.Length)
        {
            throw new ArgumentException($"Tree {t}, node {node} has a child outside the tree.", nameof(forest));
        }

        if (tree.Feature[node] < 0 || tree.Feature[node] >= forest.FeatureCount)
        {
            throw new ArgumentException(
                $"Tree {t}, node {node} compares feature {tree.Feature[node]}; there are {forest.FeatureCount}.", nameof(forest));
        }
    }
}
