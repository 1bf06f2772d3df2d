using Google.Protobuf;
using PricingCore.Forecasts.Onnx;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Onnx.Format;
using PricingCore.Training.Tests.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Tests.Trees;

/// <summary>
/// Goal: ONNX Runtime, the trainer's own arithmetic and every way of walking trees give the same bits, whatever the trees and the rows.
/// Method: random models, and rows near and on their thresholds, missing, of both zeros, infinite, denormal, and of any bits at all; more than
/// 100,000 rows in all.
/// Control: a kernel that takes "less or equal" for "less" is found out by the same comparison.
/// </summary>
public sealed class KernelParityTests
{
    private const int RowsOfAModel = 17_000;

    [Theory]
    [InlineData(1, 64, 100, 6, 0.0)] // As a trainer makes them.
    [InlineData(2, 64, 300, 8, 0.05)]
    [InlineData(3, 7, 60, 4, 0.3)] // Fewer features than a vector.
    [InlineData(4, 33, 90, 9, 0.4)] // Deep and uneven.
    [InlineData(5, 200, 24, 11, 0.45)] // Wide rows: smaller blocks.
    [InlineData(6, 19, 40, 1, 0.0)]
    [InlineData(7, 12, 48, 16, 0.35)] // Too deep to be padded.
    public void DemandModels_GiveTheSameBitsEverywhere(int seed, int features, int trees, int depth, double leafChance)
    {
        DecisionForest forest = RandomForest.Of(seed, features, targets: 6, trees, depth, leafChance);
        byte[] graph = Kernels.Demand(forest);
        float[] rows = Kernels.Rows(graph, (ulong)seed, RowsOfAModel);
        using OnnxModelGraph session = Kernels.OpenSession(graph, features, 3);
        using var reference = new Kernels.Reference(forest);

        Assert.Null(KernelCheck.FindDifference(reference, session, rows));
        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            Assert.Null(KernelCheck.FindDifference(kernel, session, rows));
        });
    }

    [Theory]
    [InlineData("BRANCH_LT", false)]
    [InlineData("BRANCH_LEQ", false)]
    [InlineData("BRANCH_GT", true)]
    [InlineData("BRANCH_GTE", true)]
    public void TreesAlone_GiveTheSameBitsEverywhere(string mode, bool hasBaseValues)
    {
        const int Features = 24;
        DecisionForest forest = RandomForest.Of(11, Features, targets: 10, trees: 65, depth: 6, leafChance: 0.15);
        byte[] graph = With(PlainGraphs.Trees(forest), mode, hasBaseValues ? [.. Enumerable.Range(0, 10).Select(i => (i - 4) / 7f)] : []);
        float[] rows = Kernels.Rows(graph, 11, 4_000);
        using OnnxModelGraph session = Kernels.OpenSession(graph, Features, 2);

        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            Assert.Null(KernelCheck.FindDifference(kernel, session, rows));
        });
    }

    [Theory]
    [InlineData(1, 2, 2, 5)] // Targets without trees at the start, in the middle and at the end of a horizon.
    [InlineData(0, 0, 4, 4)]
    public void TargetsWithoutTrees_AreZero(params int[] targets)
    {
        DecisionForest grown = RandomForest.Of(8, 9, 1, trees: 20, depth: 4, leafChance: 0.1);
        var forest = new DecisionForest(9, 6, [.. grown.Trees.Select((tree, i) => tree with { Target = targets[i % 4] })]);
        byte[] graph = Kernels.Demand(forest);
        float[] rows = Kernels.Rows(graph, 8, 1_000);
        using OnnxModelGraph session = Kernels.OpenSession(graph, 9, 3);

        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            Assert.Null(KernelCheck.FindDifference(kernel, session, rows));
        });
    }

    [Fact]
    public void Chains_AreWalkedAsTheyAre()
    {
        var forest = new DecisionForest(4, 6, [.. Enumerable.Range(0, 12).Select(i => RandomForest.Chain(20 + i, i % 6))]);
        byte[] graph = Kernels.Demand(forest);
        float[] rows = Kernels.Rows(graph, 3, 4_000);
        using OnnxModelGraph session = Kernels.OpenSession(graph, 4, 3);
        using TreeKernel kernel = Kernels.Compile(graph);

        Assert.Null(KernelCheck.FindDifference(kernel, session, rows));
    }

    [Fact]
    public void FindDifference_WhenAKernelTakesLessOrEqualForLess_SaysWhere()
    {
        byte[] graph = Kernels.SmallDemand();
        using OnnxModelGraph session = Kernels.OpenSession(graph, 12, 3);
        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel right = Kernels.Compile(graph, path);
            using TreeKernel wrong = Kernels.Compile(With(graph, "BRANCH_LEQ", []), path);

            Assert.Null(KernelCheck.FindDifference(graph, right, session));
            Assert.Contains("random row", KernelCheck.FindDifference(graph, wrong, session), StringComparison.Ordinal);
        });
    }

    /// <summary>The graph with its comparisons replaced, and with base values.</summary>
    private static byte[] With(byte[] graph, string mode, float[] baseValues)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(graph);
        NodeProto trees = model.Graph.Node.Single(node => node.OpType == "TreeEnsembleRegressor");
        AttributeProto modes = trees.Attribute.Single(attribute => attribute.Name == "nodes_modes");
        for (int i = 0; i < modes.Strings.Count; i++)
        {
            modes.Strings[i] = modes.Strings[i].ToStringUtf8() == "LEAF" ? modes.Strings[i] : ByteString.CopyFromUtf8(mode);
        }

        if (baseValues.Length > 0)
        {
            trees.Attribute.Add(GraphBuilder.Floats("base_values", baseValues));
        }

        return model.ToByteArray();
    }
}
