using BenchmarkDotNet.Attributes;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does one call for a batch of rows cost, compiled and in ONNX Runtime?
/// Baseline: ONNX Runtime on the same graph, on the caller's thread. The trees have one target, which stands in five columns. A network has no
/// kernel: it is there for scale. <see cref="Threads"/> calls run at the same time, on a thread each.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class TreeKernelBenchmarks : IDisposable
{
    private const int Features = 64;
    private const int PoolRows = 4_096; // Different rows in each call, so that no branch predictor learns them.

    private float[] _rows = [];
    private float[][] _answers = [];
    private OnnxModelGraph? _session;
    private TreeKernel? _kernel;
    private TreeKernel? _portable;
    private int _next;

    /// <summary>Trees x depth, or a network of 64-64-32-5.</summary>
    [Params("100x6", "300x8", "network")]
    public string Model { get; set; } = "";

    [Params(1, 8, 32, 256, 1024)]
    public int Batch { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        DecisionForest forest = RandomForest.Balanced(1, Features, targets: 1, Model == "300x8" ? 300 : 100, Model == "300x8" ? 8 : 6);
        byte[] trees = PlainGraphs.OneTarget(forest);
        byte[] graph = Model == "network" ? PlainGraphs.Network(Layer(1, Features, 64), Layer(2, 64, 32), Layer(3, 32, 5)) : trees;
        _session = new OnnxModelGraph(new OnnxSession(graph), GraphBuilder.Features, GraphBuilder.Forecasts, Features, 1);
        _rows = CheckRows.Make(TreeKernel.ReadTrees(trees), seed: 1, PoolRows);
        _answers = [.. Enumerable.Range(0, Threads).Select(_ => new float[Batch * IModelGraph.AnswerWidth])];
        TreeKernel.TryCompile(graph, KernelPaths.Best, out _kernel, out _);
        TreeKernel.TryCompile(graph, KernelPath.Portable, out _portable, out _);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _session?.Dispose();
        _kernel?.Dispose();
        _portable?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public float OnnxRuntime() => Run(_session);

    [Benchmark]
    public float Kernel() => Run(_kernel);

    [Benchmark]
    public float PortableKernel() => Run(_portable);

    private static PlainGraphs.Layer Layer(int seed, int inputs, int outputs)
    {
        var random = new Random(seed);
        float[] weights = [.. Enumerable.Range(0, inputs * outputs).Select(_ => (random.NextSingle() - 0.5f) / 4)];
        return new PlainGraphs.Layer(inputs, outputs, weights, new float[outputs]);
    }

    private float Run(IModelGraph? graph)
    {
        if (graph is null)
        {
            throw new NotSupportedException("A network has no kernel.");
        }

        if (Threads == 1)
        {
            return Run(graph, thread: 0);
        }

        Parallel.For(0, Threads, thread => _ = Run(graph, thread)); // Its own cost, some microseconds, is in both.
        return _answers[0][0];
    }

    private float Run(IModelGraph graph, int thread)
    {
        int first = Interlocked.Add(ref _next, Batch) & int.MaxValue;
        int row = first % (PoolRows - Batch + 1);
        graph.Evaluate(_rows.AsSpan(row * Features, Batch * Features), Batch, 0, _answers[thread]);
        return _answers[thread][0];
    }
}
