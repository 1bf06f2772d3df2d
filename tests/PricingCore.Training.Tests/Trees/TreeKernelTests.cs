using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Trees;
using PricingCore.Tests;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Tests.Trees;

/// <summary>
/// Goal: an answer depends on its row alone, a call allocates nothing, and wrong calls are refused.
/// Method: the same rows alone, in batches of each size, and on several threads at once.
/// </summary>
public sealed class TreeKernelTests
{
    private const int Features = 12;

    [Fact]
    public void Evaluate_WhateverTheBatch_AnswersEachRowTheSame()
    {
        const int Most = 70; // More than two blocks.
        byte[] graph = Kernels.SmallDemand();
        float[] rows = Kernels.Rows(graph, 9, Most);
        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            int[] alone = Kernels.Bits(Enumerable.Range(0, Most).SelectMany(i => Kernels.Evaluate(kernel, rows.AsSpan(i * Features, Features), 1)));
            for (int size = 1; size <= Most; size++)
            {
                int[] last = Kernels.Bits(Kernels.Evaluate(kernel, rows.AsSpan((Most - size) * Features), 1));
                Assert.Equal(alone[((Most - size) * IModelGraph.AnswerWidth)..], last);
            }
        });
    }

    [Fact]
    public void Evaluate_OnSeveralThreadsAtOnce_AnswersAsOnOne()
    {
        byte[] graph = Kernels.SmallDemand();
        float[] rows = Kernels.Rows(graph, 10, 500);
        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            int[][] expected = [.. Enumerable.Range(0, 3).Select(horizon => Kernels.Bits(Kernels.Evaluate(kernel, rows, horizon)))];
            Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
                Assert.Equal(expected[i % 3], Kernels.Bits(Kernels.Evaluate(kernel, rows, i % 3))));
        });
    }

    [Fact]
    public void Evaluate_OnceWarm_AllocatesNothing()
    {
        byte[] graph = Kernels.SmallDemand();
        float[] rows = Kernels.Rows(graph, 11, 100);
        float[] answers = new float[100 * IModelGraph.AnswerWidth];
        Assert.All(Kernels.Paths, path =>
        {
            using TreeKernel kernel = Kernels.Compile(graph, path);
            Assert.Equal(0, AllocatedBytes.Of(() =>
            {
                for (int count = 1; count <= 100; count++)
                {
                    kernel.Evaluate(rows, count, count % 3, answers);
                }
            }));
        });
    }

    [Fact]
    public void Evaluate_WhenThereAreNoRows_WritesNothing()
    {
        using TreeKernel kernel = Kernels.Compile(Kernels.SmallDemand());
        float[] answers = [7, 7, 7, 7, 7];

        kernel.Evaluate([], 0, 2, answers);

        Assert.Equal([7, 7, 7, 7, 7], answers);
    }

    [Fact]
    public void Evaluate_WhenACallIsWrong_Throws()
    {
        TreeKernel kernel = Kernels.Compile(Kernels.SmallDemand());
        float[] row = new float[Features];
        float[] answer = new float[IModelGraph.AnswerWidth];

        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Evaluate(row, 1, 3, answer));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Evaluate(row, 1, -1, answer));
        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Evaluate(row, -1, 0, answer));
        Assert.Throws<ArgumentException>(() => kernel.Evaluate(row, 2, 0, new float[10]));
        Assert.Throws<ArgumentException>(() => kernel.Evaluate(row, 1, 0, new float[4]));
        kernel.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kernel.Evaluate(row, 1, 0, answer));
    }

    [Fact]
    public void TryCompile_TellsFeaturesAndHorizons()
    {
        using TreeKernel kernel = Kernels.Compile(Kernels.SmallDemand());

        Assert.Equal((Features, 3), (kernel.FeatureCount, kernel.HorizonCount));
    }

    [Fact]
    public void TryCompile_WhenTheGraphIsANetwork_NamesTheOperator()
    {
        byte[] network = PlainGraphs.Network(new PlainGraphs.Layer(4, 5, new float[20], new float[5]));

        Assert.Contains("Gemm", Kernels.Refusal(network), StringComparison.Ordinal);
    }

    [Fact]
    public void TryCompile_WhenTreesHaveTooManyLevels_SaysSo() =>
        Assert.Contains("deeper than 64", Kernels.Refusal(Kernels.Demand(new DecisionForest(4, 6, [RandomForest.Chain(65, 0)]))), StringComparison.Ordinal);

    [Fact]
    public void TryCompile_WhenColumnsAreNotFiveAHorizon_SaysSo() =>
        Assert.Contains("8 columns", Kernels.Refusal(PlainGraphs.Trees(RandomForest.Of(1, 4, 8, 8, 2, 0))), StringComparison.Ordinal);
}
