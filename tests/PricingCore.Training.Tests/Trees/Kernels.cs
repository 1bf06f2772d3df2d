using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Tests.Trees;

/// <summary>Kernels and sessions of ONNX Runtime for the tests.</summary>
internal static class Kernels
{
    public static readonly int[] Horizons = [15, 30, 60];

    /// <summary>Every way of walking trees that this CPU has.</summary>
    public static IEnumerable<KernelPath> Paths => Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported);

    public static DemandScale Scale { get; } = new(2, [0.25f, 0.5f, 1f], [0.1f, 0.2f, 0.3f], 3);

    public static TreeKernel Compile(byte[] graph, KernelPath? path = null) =>
        TreeKernel.TryCompile(graph, path ?? KernelPaths.Best, out TreeKernel? kernel, out string reason) ? kernel : throw new InvalidOperationException(reason);

    /// <summary>Why a graph has no kernel.</summary>
    public static string Refusal(ReadOnlySpan<byte> graph)
    {
        Assert.False(TreeKernel.TryCompile(graph, out TreeKernel? kernel, out string reason));
        Assert.Null(kernel);
        Assert.NotEmpty(reason);
        return reason;
    }

    public static OnnxModelGraph OpenSession(byte[] graph, int features, int horizons) =>
        new(new OnnxSession(graph), GraphBuilder.Features, GraphBuilder.Forecasts, features, horizons);

    public static byte[] Demand(DecisionForest forest) => DemandGraph.Write(forest, Horizons, Scale);

    /// <summary>A demand model of three horizons.</summary>
    public static byte[] SmallDemand(int seed = 5) => Demand(RandomForest.Of(seed, 12, 6, 30, 5, 0.1));

    public static float[] Rows(byte[] graph, ulong seed, int count) => CheckRows.Make(TreeKernel.ReadTrees(graph), seed, count);

    public static float[] Evaluate(IModelGraph graph, ReadOnlySpan<float> rows, int horizon)
    {
        int count = rows.Length / graph.FeatureCount;
        float[] answers = new float[count * IModelGraph.AnswerWidth];
        graph.Evaluate(rows, count, horizon, answers);
        return answers;
    }

    public static int[] Bits(IEnumerable<float> numbers) => [.. numbers.Select(number => float.IsNaN(number) ? -1 : BitConverter.SingleToInt32Bits(number))];

    /// <summary>The trainer's reference in the shape of a graph.</summary>
    public sealed class Reference(DecisionForest forest) : IModelGraph
    {
        private readonly DemandReference _reference = new(forest, Horizons, Scale);

        public int FeatureCount => forest.FeatureCount;

        public int HorizonCount => Horizons.Length;

        public void Evaluate(ReadOnlySpan<float> rows, int rowCount, int horizon, Span<float> answers)
        {
            float[] all = new float[rowCount * _reference.AnswerCount];
            _reference.Evaluate(rows[..(rowCount * FeatureCount)], all);
            for (int row = 0; row < rowCount; row++)
            {
                all.AsSpan((row * _reference.AnswerCount) + (horizon * IModelGraph.AnswerWidth), IModelGraph.AnswerWidth)
                    .CopyTo(answers[(row * IModelGraph.AnswerWidth)..]);
            }
        }

        public void Dispose()
        {
        }
    }
}
