using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Trees;
using PricingCore.Training.Xgboost;

namespace PricingCore.Training.Tests.Trees;

/// <summary>
/// Goal: trees that XGBoost grew answer the same bits in XGBoost, in ONNX Runtime and in every way of the kernel.
/// Method: three models of noisy random data with missing values, 34,000 rows each on and beside their thresholds. XGBoost takes no infinities, so
/// those rows have missing values there; <see cref="KernelParityTests"/> has the infinities.
/// </summary>
public sealed class XgboostParityTests
{
    private const int RowsOfAModel = 34_000;

    [Theory]
    [InlineData(1, 64, 100, 6)]
    [InlineData(2, 13, 60, 8)]
    [InlineData(3, 30, 80, 3)]
    public void Xgboost_OnnxRuntimeAndKernel_GiveTheSameBits(int seed, int features, int trees, int depth)
    {
        (float[] data, float[] labels) = Market(seed, features);
        using var train = new XgboostMatrix(data, features, labels);
        using var booster = new XgboostBooster(Settings(seed, depth), train);
        for (int i = 0; i < trees; i++)
        {
            booster.Grow(i, train);
        }

        IReadOnlyList<DecisionTree> grown = XgboostModelReader.Read(booster.ToJson(), trees, target: 0, new double[features]);
        byte[] graph = PlainGraphs.OneTarget(new DecisionForest(features, 1, grown));
        float[] rows = [.. Kernels.Rows(graph, (ulong)seed, RowsOfAModel).Select(value => float.IsInfinity(value) ? float.NaN : value)];
        float[] predicted = new float[RowsOfAModel];
        using (var matrix = new XgboostMatrix(rows, features))
        {
            booster.Predict(matrix, trees: 0, predicted);
        }

        using OnnxModelGraph session = Kernels.OpenSession(graph, features, 1);
        Assert.True(predicted.Distinct().Count() > 100); // The trees tell rows apart.
        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            float[] answers = Kernels.Evaluate(kernel, rows, horizon: 0);

            Assert.Null(KernelCheck.FindDifference(kernel, session, rows));
            Assert.Equal(Kernels.Bits(predicted), Kernels.Bits(answers.Where((_, i) => i % IModelGraph.AnswerWidth == 0)));
        });
    }

    private static (float[] Rows, float[] Labels) Market(int seed, int features)
    {
        const int Count = 4_000;
        var random = new Random(seed);
        float[] rows = [.. Enumerable.Range(0, Count * features).Select(_ => random.Next(12) == 0 ? float.NaN : (random.NextSingle() * 20) - 4)];
        float[] labels = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            float known = float.IsNaN(rows[i * features]) ? 3 : rows[i * features];
            labels[i] = (known * known / 10) + (random.NextSingle() * 2);
        }

        return (rows, labels);
    }

    private static XgboostSettings Settings(int seed, int depth) => new()
    {
        Depth = depth, LearningRate = 0.1, Subsample = 0.9, ColumnSample = 0.7, MinChildWeight = 1, Lambda = 1, Seed = seed, Threads = 1, BaseScore = 0.7f,
    };
}
