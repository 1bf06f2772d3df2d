using PricingCore.Training.Trees;

namespace PricingCore.Training.Onnx;

/// <summary>Graphs without a scoring tail: what models of other makers look like to the engine. For tests and benchmarks.</summary>
internal static class PlainGraphs
{
    /// <summary>One layer of a neural network.</summary>
    /// <param name="Inputs">Numbers that go in.</param>
    /// <param name="Outputs">Numbers that come out.</param>
    /// <param name="Weights">Inputs x outputs, row by row.</param>
    /// <param name="Bias">One number an output.</param>
    public sealed record Layer(int Inputs, int Outputs, float[] Weights, float[] Bias);

    /// <summary>Only the trees: their targets are the answers, five a horizon.</summary>
    public static byte[] Trees(DecisionForest forest)
    {
        var graph = new GraphBuilder("trees");
        EnsembleNode.Add(graph, forest, GraphBuilder.Forecasts);
        return graph.ToBytes(forest.FeatureCount, forest.TargetCount);
    }

    /// <summary>Trees with one target, which stands in all five columns of one horizon: the least that is a model.</summary>
    public static byte[] OneTarget(DecisionForest forest)
    {
        var graph = new GraphBuilder("one_target");
        string raw = EnsembleNode.Add(graph, forest, "raw");
        string columns = graph.Constant("columns", [0, 0, 0, 0, 0]);
        graph.Add("Gather", GraphBuilder.Forecasts, [raw, columns], GraphBuilder.Integer("axis", 1));
        return graph.ToBytes(forest.FeatureCount, 5);
    }

    /// <summary>A small network: a matrix product and a rectifier for each layer but the last, which has no rectifier.</summary>
    public static byte[] Network(params IReadOnlyList<Layer> layers)
    {
        var graph = new GraphBuilder("network");
        string current = GraphBuilder.Features;
        for (int i = 0; i < layers.Count; i++)
        {
            Layer layer = layers[i];
            bool isLast = i == layers.Count - 1;
            string weights = graph.Constant($"weights_{i}", layer.Weights, layer.Inputs, layer.Outputs);
            string bias = graph.Constant($"bias_{i}", layer.Bias, layer.Outputs);
            current = graph.Add("Gemm", isLast ? GraphBuilder.Forecasts : $"product_{i}", [current, weights, bias]);
            if (!isLast)
            {
                current = graph.Add("Relu", $"layer_{i}", [current]);
            }
        }

        return graph.ToBytes(layers[0].Inputs, layers[^1].Outputs);
    }
}
