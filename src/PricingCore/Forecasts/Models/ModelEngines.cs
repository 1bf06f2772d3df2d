using PricingCore.Forecasts.Onnx;
using PricingCore.Forecasts.Trees;

namespace PricingCore.Forecasts.Models;

/// <summary>What can evaluate a graph, and what compares two of them; tests put others in their places.</summary>
internal sealed record ModelEngines
{
    /// <summary>Compiles a graph.</summary>
    /// <param name="graph">The bytes of the ONNX file.</param>
    /// <param name="reason">Why there is nothing; empty when there is something.</param>
    /// <returns>The compiled graph; <see langword="null"/> when it is of another kind.</returns>
    internal delegate IModelGraph? Compiler(ReadOnlySpan<byte> graph, out string reason);

    /// <summary>Compares two evaluations of one graph on random rows, bit for bit.</summary>
    /// <returns>Where they first differ; <see langword="null"/> when they do not.</returns>
    internal delegate string? Comparison(ReadOnlySpan<byte> graph, IModelGraph compiled, IModelGraph reference);

    /// <summary>Opens a graph in ONNX Runtime.</summary>
    internal delegate OnnxSession SessionOpener(ReadOnlySpan<byte> graph);

    /// <summary>What the engine uses.</summary>
    public static ModelEngines Real { get; } = new();

    /// <summary>Compiles trees.</summary>
    public Compiler Compile { get; init; } = CompileTrees;

    /// <summary>Compares compiled trees with ONNX Runtime.</summary>
    public Comparison Compare { get; init; } = KernelCheck.FindDifference;

    /// <summary>Opens a session of ONNX Runtime.</summary>
    public SessionOpener OpenSession { get; init; } = graph => new OnnxSession(graph);

    private static TreeKernel? CompileTrees(ReadOnlySpan<byte> graph, out string reason)
    {
        if (!TreeKernel.TryCompile(graph, out TreeKernel? kernel, out reason))
        {
            reason += ".";
        }

        return kernel;
    }
}
