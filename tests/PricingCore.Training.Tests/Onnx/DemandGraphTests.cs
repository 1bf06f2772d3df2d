using PricingCore.Training.Onnx;
using PricingCore.Training.Onnx.Format;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Tests.Onnx;

/// <summary>
/// Goal: the written graph has the contract's names, shapes and operators, is the same each time, and wrong arguments are refused.
/// Method: read it back with the generated types. That it computes what it should is shown by the parity tests of Trees.
/// </summary>
public sealed class DemandGraphTests
{
    private static readonly int[] Horizons = [15, 30, 60];
    private static readonly DemandScale Scale = new(2, [0.25f, 0.5f, 1f], [0.1f, 0.2f, 0.3f], 3);

    [Fact]
    public void Write_WhenCalledAgain_GivesTheSameBytes()
    {
        byte[] first = DemandGraph.Write(RandomForest.Of(1, 8, 6, 12, 4, 0.2), Horizons, Scale);
        byte[] second = DemandGraph.Write(RandomForest.Of(1, 8, 6, 12, 4, 0.2), Horizons, Scale);

        Assert.Equal(first, second);
    }

    [Fact]
    public void Write_NamesInputAndOutputAndUsesOnlyExactOperators()
    {
        ModelProto model = ModelProto.Parser.ParseFrom(DemandGraph.Write(RandomForest.Of(1, 8, 6, 12, 4, 0.2), Horizons, Scale));

        Assert.Equal((8, "features", 8L), (model.IrVersion, model.Graph.Input.Single().Name, Columns(model.Graph.Input[0])));
        Assert.Equal(("forecasts", 15L), (model.Graph.Output.Single().Name, Columns(model.Graph.Output[0])));
        Assert.Equal([("", 17L), ("ai.onnx.ml", 3L)], model.OpsetImport.Select(set => (set.Domain, set.Version)));
        Assert.Single(model.Graph.Node, node => node.OpType == "TreeEnsembleRegressor");
        Assert.Subset(
            new HashSet<string> { "TreeEnsembleRegressor", "Gather", "IsNaN", "Where", "Max", "Min", "Add", "Sub", "Mul", "Div", "Concat" },
            model.Graph.Node.Select(node => node.OpType).ToHashSet());
        Assert.All(model.Graph.Node.SelectMany(node => node.Attribute), attribute => Assert.True(attribute.HasType));

        static long Columns(ValueInfoProto value) => value.Type.TensorType.Shape.Dim[1].DimValue;
    }

    [Fact]
    public void Write_WhenForestAndHorizonsDoNotFit_Throws()
    {
        DecisionForest forest = RandomForest.Of(1, 8, 4, 4, 2, 0);

        ArgumentException refused = Assert.Throws<ArgumentException>(() => DemandGraph.Write(forest, Horizons, Scale));

        Assert.Contains("must have 6 targets, but has 4", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(8, 3)]
    [InlineData(2, 8)]
    public void Write_WhenAColumnIsNotInTheRow_Throws(int scale, int mean) => Assert.Throws<ArgumentException>(
        () => DemandGraph.Write(RandomForest.Of(1, 8, 6, 6, 2, 0), Horizons, Scale with { ScaleColumn = scale, MeanColumn = mean }));

    [Fact]
    public void Write_WhenATreeIsNotWellFormed_Throws()
    {
        Assert.Throws<ArgumentException>(() => DemandGraph.Write(Forest(new DecisionTree([1, -1], [9, -1], [0, 0], [1, 2], [false, false], 0)), [15], One));
        Assert.Throws<ArgumentException>(() => DemandGraph.Write(Forest(new DecisionTree([-1], [-1], [0], [float.NaN], [false], 0)), [15], One));
        Assert.Throws<ArgumentException>(() => DemandGraph.Write(Forest(new DecisionTree([-1], [-1], [0], [1], [false], 2)), [15], One));
        Assert.Throws<ArgumentException>(() => DemandGraph.Write(Forest(), [15], One));

        static DecisionForest Forest(params DecisionTree[] trees) => new(4, 2, trees);
    }

    private static DemandScale One => new(0, [1], [0], 1);
}
