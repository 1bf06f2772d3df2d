using System.Text;
using PricingCore.Training.Onnx;
using PricingCore.Training.Trees;
using PricingCore.Training.Xgboost;

namespace PricingCore.Training.Tests.Xgboost;

/// <summary>
/// Goal: trees read from XGBoost answer as XGBoost does, bit for bit; what is not understood is refused; errors say what to do.
/// Method: the real library on random rows with missing features, and its JSON with single things changed.
/// </summary>
public sealed class XgboostTests
{
    private const int Columns = 6;
    private const int Trees = 25;

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(2, 0.3f)]
    [InlineData(3, -7.1f)]
    public void Trees_AnswerAsXgboostDoes(int seed, float baseScore)
    {
        using XgboostMatrix matrix = Matrix(seed, rows: 4_000, out float[] features);
        using XgboostBooster booster = Grow(matrix, seed, baseScore);
        foreach (int trees in new[] { 1, 2, Trees })
        {
            var expected = new float[matrix.Rows];
            booster.Predict(matrix, trees, expected);
            var forest = new DecisionForest(Columns, 1, XgboostModelReader.Read(booster.ToJson(), trees, target: 0, new double[Columns]));

            var raw = new float[1];
            for (int row = 0; row < matrix.Rows; row++)
            {
                DemandReference.Sum(forest, features.AsSpan(row * Columns, Columns), raw);
                Assert.Equal(BitConverter.SingleToInt32Bits(expected[row]), BitConverter.SingleToInt32Bits(raw[0]));
            }
        }
    }

    [Fact]
    public void Grow_Twice_GivesTheSameBytes()
    {
        using XgboostMatrix one = Matrix(5, 3_000, out _);
        using XgboostMatrix other = Matrix(5, 3_000, out _);
        using XgboostBooster first = Grow(one, 5, 1);
        using XgboostBooster second = Grow(other, 5, 1);

        Assert.Equal(first.ToJson(), second.ToJson());
    }

    [Fact]
    public void Read_AddsUpTheGainOfEachFeature()
    {
        using XgboostMatrix matrix = Matrix(7, 3_000, out _);
        using XgboostBooster booster = Grow(matrix, 7, 1);
        double[] gains = new double[Columns];

        XgboostModelReader.Read(booster.ToJson(), Trees, target: 0, gains);

        Assert.Equal(0, gains.IndexOf(gains.Max())); // The label is mostly the first feature.
        Assert.All(gains, gain => Assert.True(gain >= 0));
    }

    [Theory]
    [InlineData("\"reg:squarederror\"", "\"count:poisson\"", "objective")]
    [InlineData("\"gbtree\"", "\"dart\"", "booster")]
    [InlineData("\"version\":[1,7", "\"version\":[3,0", "version")]
    [InlineData("\"num_target\":\"1\"", "\"num_target\":\"2\"", "targets")]
    [InlineData("\"left_children\"", "\"left\"", "left_children")]
    [InlineData("\"categories_nodes\":[]", "\"categories_nodes\":[0]", "categories")]
    public void Read_WhenSomethingIsNotUnderstood_Refuses(string found, string changed, string named)
    {
        using XgboostMatrix matrix = Matrix(1, 500, out _);
        using XgboostBooster booster = Grow(matrix, 1, 1);
        string json = Encoding.UTF8.GetString(booster.ToJson());
        Assert.Contains(found, json, StringComparison.Ordinal);
        byte[] other = Encoding.UTF8.GetBytes(json.Replace(found, changed, StringComparison.Ordinal));

        FormatException refused = Assert.Throws<FormatException>(() => XgboostModelReader.Read(other, 1, 0, new double[Columns]));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_WithAnInfiniteFeature_ThrowsXgboostsMessage()
    {
        XgboostException error = Assert.Throws<XgboostException>(() => new XgboostMatrix([1, float.PositiveInfinity], 2));

        Assert.Contains("inf", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Stack trace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrix_WhenLabelsAreTooFew_Throws() => Assert.Throws<ArgumentException>(() => new XgboostMatrix([1, 2, 3, 4], 2, [1]));

    [Fact]
    public void Version_IsTheOneThatWasTried() => Assert.StartsWith("1.7.", XgboostLibrary.Version, StringComparison.Ordinal);

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(1, 6, 9)]
    public void FindProblem_WithAnotherVersion_SaysWhatToInstall(int major, int minor, int patch)
    {
        string? problem = XgboostLibrary.FindProblem(major, minor, patch);

        Assert.Contains($"{major}.{minor}.{patch}", problem, StringComparison.Ordinal);
        Assert.Contains("apt-get install libxgboost0", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingMessage_SaysWhatToInstallOrWhichPathIsWrong()
    {
        Assert.Contains("apt-get install libxgboost0", XgboostLibrary.MissingMessage(null), StringComparison.Ordinal);
        Assert.Contains("some/where.so", XgboostLibrary.MissingMessage("some/where.so"), StringComparison.Ordinal);
    }

    private static XgboostBooster Grow(XgboostMatrix matrix, int seed, float baseScore)
    {
        var booster = new XgboostBooster(
            new XgboostSettings
            {
                Depth = 5,
                LearningRate = 0.2,
                Subsample = 0.7,
                ColumnSample = 0.8,
                MinChildWeight = 1,
                Lambda = 1,
                Seed = seed,
                Threads = 1,
                BaseScore = baseScore,
            },
            matrix);
        for (int i = 0; i < Trees; i++)
        {
            booster.Grow(i, matrix);
        }

        return booster;
    }

    private static XgboostMatrix Matrix(int seed, int rows, out float[] features)
    {
        features = [.. Enumerable.Range(0, rows * Columns).Select(i =>
            Markets.Uniform(seed, 1, i) < 0.1 ? float.NaN : (float)Math.Round(20 * Markets.Uniform(seed, 2, i), i % 3))];
        float[] copy = features;
        float[] labels = [.. Enumerable.Range(0, rows).Select(row =>
            Known(copy[row * Columns]) + (Known(copy[(row * Columns) + 1]) > 10 ? 3 : 0) + (float)Markets.Uniform(seed, 3, row))];
        return new XgboostMatrix(features, Columns, labels);

        static float Known(float value) => float.IsNaN(value) ? 0 : value;
    }
}
