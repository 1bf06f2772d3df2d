namespace PricingCore.Forecasts.Trees;

/// <summary>Reads a TreeEnsembleRegressor (ai.onnx.ml, versions 1 to 3) into a <see cref="TreeEnsemble"/>.</summary>
/// <remarks>
/// All four orders become "less than": <c>x &lt;= t</c> is <c>x &lt; next float above t</c>, and the other two swap the children.
/// What the kernel does not compute is refused by name: other modes, aggregates and transforms, weights in double precision, leaves with
/// several targets.
/// </remarks>
internal static class TreeEnsembleReader
{
    private const byte Leaf = 0;
    private const byte Less = 1;
    private const byte LessOrEqual = 2;
    private const byte Greater = 3;

    private static readonly byte[][] Modes =
        [[.. "LEAF"u8], [.. "BRANCH_LT"u8], [.. "BRANCH_LEQ"u8], [.. "BRANCH_GT"u8], [.. "BRANCH_GTE"u8]];

    private static readonly string[] Known =
    [
        "n_targets", "aggregate_function", "post_transform", "base_values", "nodes_treeids", "nodes_nodeids", "nodes_featureids",
        "nodes_values", "nodes_hitrates", "nodes_modes", "nodes_truenodeids", "nodes_falsenodeids", "nodes_missing_value_tracks_true",
        "target_treeids", "target_nodeids", "target_ids", "target_weights",
    ];

    /// <summary>Reads the node's trees.</summary>
    /// <exception cref="GraphRefusedException">They are damaged, too large, or of a kind that the kernel does not compute.</exception>
    public static TreeEnsemble Read(ReadOnlySpan<byte> file, GraphNode node, int featureCount)
    {
        if (node.Attributes.Keys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            throw new GraphRefusedException($"the trees have the attribute {unknown}, which the kernel does not know");
        }

        if (Text(file, node, "aggregate_function", "SUM") != "SUM" || Text(file, node, "post_transform", "NONE") != "NONE")
        {
            throw new GraphRefusedException("the trees are not summed as they are: aggregate_function SUM and post_transform NONE are known");
        }

        long targets = AttributeValues.Integer(file, Part(node, "n_targets"));
        if (targets is < 1 or > TreeEnsemble.MaxTargets || featureCount > TreeEnsemble.MaxFeatures)
        {
            throw new GraphRefusedException(
                $"there are {targets} targets and {featureCount} features; up to {TreeEnsemble.MaxTargets} and {TreeEnsemble.MaxFeatures} are known");
        }

        float[] baseValues = node.Attributes.TryGetValue("base_values", out FilePart part) ? AttributeValues.Floats(file, part) : [];
        if ((baseValues.Length != 0 && baseValues.Length != targets) || !baseValues.All(float.IsFinite))
        {
            throw new GraphRefusedException("base_values is not a finite number for each target");
        }

        var listed = new TreeNodeLists
        {
            TreeIds = Integers(file, node, "nodes_treeids"),
            NodeIds = Integers(file, node, "nodes_nodeids"),
            Features = Integers(file, node, "nodes_featureids"),
            Thresholds = AttributeValues.Floats(file, Part(node, "nodes_values")),
            Modes = AttributeValues.Choices(file, Part(node, "nodes_modes"), Modes),
            WhenTrue = Integers(file, node, "nodes_truenodeids"),
            WhenFalse = Integers(file, node, "nodes_falsenodeids"),
            MissingTracksTrue = node.Attributes.ContainsKey("nodes_missing_value_tracks_true") ? Integers(file, node, "nodes_missing_value_tracks_true") : [],
            LeafTrees = Integers(file, node, "target_treeids"),
            LeafNodes = Integers(file, node, "target_nodeids"),
            LeafTargets = Integers(file, node, "target_ids"),
            LeafWeights = AttributeValues.Floats(file, Part(node, "target_weights")),
        };
        return new TreeAssembly(listed, featureCount, (int)targets, baseValues).Assemble();
    }

    /// <summary>Whether a mode, an index into the list of modes, is a leaf.</summary>
    public static bool IsLeaf(byte mode) => mode == Leaf;

    /// <summary>A comparison as "less than": the threshold, and whether what was true now is false.</summary>
    public static (float Threshold, bool Swapped) AsLessThan(byte mode, float threshold) => mode switch
    {
        Less => (threshold, false),
        LessOrEqual => (MathF.BitIncrement(threshold), false),
        Greater => (MathF.BitIncrement(threshold), true),
        _ => (threshold, true),
    };

    private static FilePart Part(GraphNode node, string name) =>
        node.Attributes.TryGetValue(name, out FilePart part) ? part : throw new GraphRefusedException($"the trees have no {name}");

    private static long[] Integers(ReadOnlySpan<byte> file, GraphNode node, string name) => AttributeValues.Integers(file, Part(node, name));

    private static string Text(ReadOnlySpan<byte> file, GraphNode node, string name, string otherwise) =>
        node.Attributes.TryGetValue(name, out FilePart part) ? AttributeValues.Text(file, part) : otherwise;
}
