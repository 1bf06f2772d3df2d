using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;

namespace PricingCore.Tests.Forecasts.Onnx;

public sealed class OnnxModelGraphTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(272)]
    [InlineData(273)]
    [InlineData(274)]
    [InlineData(1_000)]
    public void Evaluate_GivesTheColumnsOfTheHorizon(int rows)
    {
        using OnnxModelGraph graph = Graph(horizons: 3);
        float[] features = [.. Enumerable.Range(0, rows * 2).Select(i => (float)i)];

        for (int horizon = 0; horizon < 3; horizon++)
        {
            float[] answers = new float[rows * IModelGraph.AnswerWidth];
            graph.Evaluate(features, rows, horizon, answers);

            float[] expected = [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, 5).Select(column =>
                (features[2 * row] * ((horizon * 5) + column)) + features[(2 * row) + 1]))];
            Assert.Equal(expected, answers);
        }
    }

    [Fact]
    public void Evaluate_WhenThereAreNoRows_DoesNothing()
    {
        using OnnxModelGraph graph = Graph(horizons: 1);

        graph.Evaluate([], 0, 0, []);
        graph.Evaluate(new float[2], 0, 0, []);

        Assert.Equal((2, 1), (graph.FeatureCount, graph.HorizonCount));
    }

    [Fact]
    public void Evaluate_WhenTheBuffersAreTooShort_ThrowsBeforeItRuns()
    {
        using OnnxModelGraph graph = Graph(horizons: 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Evaluate(new float[3], 2, 0, new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Evaluate(new float[4], 2, 0, new float[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Evaluate(new float[4], 2, 2, new float[10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Evaluate(new float[4], -1, 0, new float[10]));
    }

    [Fact]
    public void Evaluate_AllocatesNothing()
    {
        using OnnxModelGraph graph = Graph(horizons: 3);
        float[] rows = new float[600];
        float[] answers = new float[1_500];

        Assert.Equal(0, AllocatedBytes.Of(() => graph.Evaluate(rows, 300, 1, answers)));
    }

    [Fact]
    public void FindErrors_WhenTheGraphFits_IsEmpty()
    {
        using var session = new OnnxSession(OnnxBytes.Product(new float[2, 5]));

        Assert.Empty(OnnxModelGraph.FindErrors(session, "features", "forecasts", featureCount: 2, horizonCount: 1));
    }

    [Theory]
    [InlineData("rows", "forecasts", 2, 1, "'rows', is expected")]
    [InlineData("features", "prices", 2, 1, "'prices' is expected")]
    [InlineData("features", "forecasts", 3, 1, "float [?, 2]; float [?, 3] is expected")]
    [InlineData("features", "forecasts", 2, 2, "float [?, 5]; float [?, 10] is expected")]
    public void FindErrors_WhenSomethingDiffers_SaysWhatIsThereAndWhatIsExpected(string input, string output, int features, int horizons, string expected)
    {
        using var session = new OnnxSession(OnnxBytes.Product(new float[2, 5]));

        Assert.Contains(expected, Assert.Single(OnnxModelGraph.FindErrors(session, input, output, features, horizons)), StringComparison.Ordinal);
    }

    [Fact]
    public void FindErrors_WhenTypesOrTheBatchSizeAreFixed_NamesBoth()
    {
        using var doubles = new OnnxSession(OnnxBytes.Product(new float[2, 5], OnnxBytes.Double));
        using var one = new OnnxSession(OnnxBytes.Product(new float[2, 5], batch: 1));

        Assert.Equal(2, OnnxModelGraph.FindErrors(doubles, "features", "forecasts", 2, 1).Count(error => error.Contains("double", StringComparison.Ordinal)));
        Assert.Equal(2, OnnxModelGraph.FindErrors(one, "features", "forecasts", 2, 1).Count(error => error.Contains("float [1, ", StringComparison.Ordinal)));
    }

    /// <summary>Two features; column c of the answer is c x the first + the second, which is exact.</summary>
    private static OnnxModelGraph Graph(int horizons)
    {
        float[,] weights = new float[2, horizons * 5];
        for (int column = 0; column < horizons * 5; column++)
        {
            weights[0, column] = column;
            weights[1, column] = 1;
        }

        return new OnnxModelGraph(new OnnxSession(OnnxBytes.Product(weights)), "features", "forecasts", 2, horizons);
    }
}
