namespace PricingCore.Tests.Forecasts.Onnx;

/// <summary>Small ONNX files, made by hand.</summary>
internal static class OnnxBytes
{
    public const int Float = 1;
    public const int Double = 11;

    /// <summary>forecasts = features x weights, which have a row a feature and a column an answer: runs in ONNX Runtime, and is no tree.</summary>
    public static byte[] Product(float[,] weights, int elementType = Float, int opset = 17, long? batch = null, string input = "features", string output = "forecasts")
    {
        int features = weights.GetLength(0);
        int answers = weights.GetLength(1);
        var tensor = new ProtoBytes().Number(1, features).Number(1, answers).Number(2, elementType);
        float[] values = [.. weights.Cast<float>()];
        tensor = elementType == Float
            ? tensor.Floats(4, values)
            : tensor.Bytes(9, [.. values.SelectMany(value => BitConverter.GetBytes((double)value))]);
        tensor.Text(8, "weights");

        ProtoBytes node = new ProtoBytes().Text(1, input).Text(1, "weights").Text(2, output).Text(4, "MatMul");
        ProtoBytes graph = new ProtoBytes()
            .Message(1, node).Text(2, "product").Message(5, tensor)
            .Message(11, Value(input, elementType, batch, features))
            .Message(12, Value(output, elementType, batch, answers));
        return Model(graph, opset);
    }

    /// <summary>Trees of one split each, one an answer: answer t is low[t] when feature t is below 0.5 or missing, else high[t].</summary>
    public static byte[] Stumps(float[] low, float[] high, int features)
    {
        int trees = low.Length;
        long[] Each(params long[] ofATree) => [.. Enumerable.Range(0, trees).SelectMany(_ => ofATree)];
        long[] treeIds = [.. Enumerable.Range(0, trees).SelectMany(t => new long[] { t, t, t })];
        ProtoBytes node = new ProtoBytes().Text(1, "features").Text(2, "forecasts").Text(4, "TreeEnsembleRegressor").Text(7, "ai.onnx.ml")
            .Message(5, Longs("nodes_treeids", treeIds))
            .Message(5, Longs("nodes_nodeids", Each(0, 1, 2)))
            .Message(5, Longs("nodes_featureids", [.. Enumerable.Range(0, trees).SelectMany(t => new long[] { t, 0, 0 })]))
            .Message(5, Texts("nodes_modes", [.. Enumerable.Range(0, trees).SelectMany(_ => new[] { "BRANCH_LT", "LEAF", "LEAF" })]))
            .Message(5, Floats("nodes_values", [.. Enumerable.Range(0, trees).SelectMany(_ => new[] { 0.5f, 0, 0 })]))
            .Message(5, Longs("nodes_truenodeids", Each(1, 0, 0)))
            .Message(5, Longs("nodes_falsenodeids", Each(2, 0, 0)))
            .Message(5, Longs("nodes_missing_value_tracks_true", Each(1, 0, 0)))
            .Message(5, Longs("target_treeids", [.. Enumerable.Range(0, trees).SelectMany(t => new long[] { t, t })]))
            .Message(5, Longs("target_nodeids", Each(1, 2)))
            .Message(5, Longs("target_ids", [.. Enumerable.Range(0, trees).SelectMany(t => new long[] { t, t })]))
            .Message(5, Floats("target_weights", [.. Enumerable.Range(0, trees).SelectMany(t => new[] { low[t], high[t] })]))
            .Message(5, new ProtoBytes().Text(1, "n_targets").Number(3, trees).Number(20, 2));
        ProtoBytes graph = new ProtoBytes()
            .Message(1, node).Text(2, "stumps")
            .Message(11, Value("features", Float, null, features))
            .Message(12, Value("forecasts", Float, null, trees));
        return Model(graph, opset: 17);
    }

    private static byte[] Model(ProtoBytes graph, int opset) => new ProtoBytes()
        .Number(1, 8).Text(2, "PricingCore.Tests").Message(7, graph)
        .Message(8, new ProtoBytes().Text(1, "").Number(2, opset))
        .Message(8, new ProtoBytes().Text(1, "ai.onnx.ml").Number(2, 3))
        .ToArray();

    private static ProtoBytes Value(string name, int elementType, long? batch, long columns)
    {
        ProtoBytes rows = batch is { } fix ? new ProtoBytes().Number(1, fix) : new ProtoBytes().Text(2, "N");
        ProtoBytes shape = new ProtoBytes().Message(1, rows).Message(1, new ProtoBytes().Number(1, columns));
        return new ProtoBytes().Text(1, name).Message(2, new ProtoBytes().Message(1, new ProtoBytes().Number(1, elementType).Message(2, shape)));
    }

    private static ProtoBytes Longs(string name, long[] values) => new ProtoBytes().Text(1, name).Numbers(8, values).Number(20, 7);

    private static ProtoBytes Floats(string name, float[] values) => new ProtoBytes().Text(1, name).Floats(7, values).Number(20, 6);

    private static ProtoBytes Texts(string name, string[] values)
    {
        ProtoBytes attribute = new ProtoBytes().Text(1, name);
        foreach (string value in values)
        {
            attribute.Text(9, value);
        }

        return attribute.Number(20, 8);
    }
}
