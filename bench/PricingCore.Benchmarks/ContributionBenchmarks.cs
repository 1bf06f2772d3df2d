using BenchmarkDotNet.Attributes;
using PricingCore.Explanations;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;

namespace PricingCore.Benchmarks;

/// <summary>
/// Question: what does it cost to take the forecast of one row apart, feature by feature?
/// Baseline: the plain walk of the same trees, which is the prediction without its parts.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ContributionBenchmarks
{
    private const int Features = 64;
    private const int PoolRows = 1_024;

    private readonly double[] _found = new double[Features];
    private float[] _rows = [];
    private TreeContributions _contributions = null!;
    private int _next;

    /// <summary>Trees x depth.</summary>
    [Params("100x6", "300x8")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        byte[] graph = PlainGraphs.OneTarget(RandomForest.Balanced(1, Features, targets: 1, Model == "300x8" ? 300 : 100, Model == "300x8" ? 8 : 6));
        TreeEnsemble trees = TreeKernel.ReadTrees(graph);
        _rows = CheckRows.Make(trees, seed: 1, PoolRows);
        _contributions = new TreeContributions(trees, new TreeCovers(trees, _rows));
    }

    [Benchmark(Baseline = true)]
    public float Walk() => _contributions.Sum(NextRow(), 0);

    [Benchmark]
    public double Explain()
    {
        _contributions.Explain(NextRow(), 0, _found);
        return _found[0];
    }

    private ReadOnlySpan<float> NextRow() => _rows.AsSpan(_next++ % PoolRows * Features, Features);
}
