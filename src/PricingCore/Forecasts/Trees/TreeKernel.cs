using System.Diagnostics.CodeAnalysis;
using PricingCore.Forecasts.Models;

namespace PricingCore.Forecasts.Trees;

/// <summary>A model of trees, compiled for this CPU. Agrees bit for bit with ONNX Runtime, which is checked where a model is loaded.</summary>
/// <remarks>
/// Takes a graph with one TreeEnsembleRegressor and, around it, any arrangement of exactly rounded operators on columns
/// (<see cref="TailOperation"/>). Each horizon has only the trees whose targets it needs. Why this can be the same to the last bit:
/// a comparison has no rounding, the leaves of a target are added one after the other in the order of the trees, and every operator of the tail has
/// one right result. Allocates nothing per call once a thread has met the model.
/// </remarks>
/// <threadsafety>Any thread, several at a time.</threadsafety>
internal sealed unsafe class TreeKernel : IModelGraph
{
    private const int MaxHorizons = 256;

    private readonly HorizonProgram[] _horizons;
    private volatile bool _isDisposed;

    private TreeKernel(int featureCount, HorizonProgram[] horizons)
    {
        FeatureCount = featureCount;
        _horizons = horizons;
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    public int HorizonCount => _horizons.Length;

    /// <summary>Compiles a model file.</summary>
    /// <param name="onnx">The file; it is not needed afterwards.</param>
    /// <param name="kernel">The kernel, or nothing.</param>
    /// <param name="reason">Why there is none, in a few words; empty when there is one.</param>
    /// <returns>Whether there is a kernel. A file that is damaged, too large or of another kind has none.</returns>
    public static bool TryCompile(ReadOnlySpan<byte> onnx, [NotNullWhen(true)] out TreeKernel? kernel, out string reason) =>
        TryCompile(onnx, KernelPaths.Best, out kernel, out reason);

    /// <summary>Compiles a model file for one way of walking trees, which this CPU must have.</summary>
    public static bool TryCompile(ReadOnlySpan<byte> onnx, KernelPath path, [NotNullWhen(true)] out TreeKernel? kernel, out string reason)
    {
        if (!KernelPaths.IsSupported(path))
        {
            throw new ArgumentOutOfRangeException(nameof(path), path, "This CPU cannot walk trees so.");
        }

        try
        {
            kernel = Compile(onnx, path);
            reason = "";
            return true;
        }
        catch (GraphRefusedException refused)
        {
            kernel = null;
            reason = refused.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A buffer is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such horizon, or the count is negative.</exception>
    /// <exception cref="ObjectDisposedException">The kernel is closed.</exception>
    public void Evaluate(ReadOnlySpan<float> rows, int rowCount, int horizon, Span<float> answers)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(horizon);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(horizon, HorizonCount);
        if (rows.Length < (long)rowCount * FeatureCount || answers.Length < (long)rowCount * IModelGraph.AnswerWidth)
        {
            throw new ArgumentException(
                $"{rowCount} rows take {(long)rowCount * FeatureCount} numbers and {(long)rowCount * IModelGraph.AnswerWidth} answers, but there are {rows.Length} and {answers.Length}.");
        }

        fixed (float* from = rows)
        fixed (float* to = answers)
        {
            _horizons[horizon].Evaluate(from, rowCount, to);
        }
    }

    /// <summary>Closes the kernel: later calls throw. Its memory is managed, so that a call that is under way ends well.</summary>
    public void Dispose() => _isDisposed = true;

    /// <summary>The trees of a model file.</summary>
    /// <exception cref="GraphRefusedException">The file is not one that a kernel is made of.</exception>
    public static TreeEnsemble ReadTrees(ReadOnlySpan<byte> onnx) => TailReader.Read(onnx, GraphFile.Read(onnx)).Trees;

    private static TreeKernel Compile(ReadOnlySpan<byte> onnx, KernelPath path)
    {
        GraphFile graph = GraphFile.Read(onnx);
        CheckVersions(graph);
        int horizons = graph.Output.Columns / IModelGraph.AnswerWidth;
        if (graph.Output.Columns % IModelGraph.AnswerWidth != 0 || horizons > MaxHorizons)
        {
            throw new GraphRefusedException(
                $"the output has {graph.Output.Columns} columns, which is not {IModelGraph.AnswerWidth} for each of 1 to {MaxHorizons} horizons");
        }

        (List<TailStep> steps, int[] outputs, TreeEnsemble trees) = TailReader.Read(onnx, graph);
        var programs = new HorizonProgram[horizons];
        for (int i = 0; i < horizons; i++)
        {
            ScoringTail tail = ScoringTail.Compile(steps, outputs.AsSpan(i * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth));
            programs[i] = new HorizonProgram(trees, tail, path);
        }

        return new TreeKernel(graph.Input.Columns, programs);
    }

    private static void CheckVersions(GraphFile graph)
    {
        // The operators mean the same in all of these; a later version may change that.
        const long OldestOpset = 13, NewestOpset = 23, NewestTreeOpset = 3;
        bool fit = graph.Opsets.GetValueOrDefault("", OldestOpset) is >= OldestOpset and <= NewestOpset
            && graph.Opsets.GetValueOrDefault("ai.onnx.ml") is >= 1 and <= NewestTreeOpset;
        if (!fit)
        {
            throw new GraphRefusedException($"the operators are of versions {string.Join(", ", graph.Opsets.Select(set => $"{set.Key} {set.Value}"))}");
        }
    }
}
