namespace PricingCore.Forecasts.Models;

/// <summary>What evaluates the graph of a model.</summary>
public enum ModelRuntime
{
    /// <summary>Managed code that the trees of the graph were compiled to; it gives the same bits as ONNX Runtime, several times faster.</summary>
    CompiledTrees = 0,

    /// <summary>The native ONNX Runtime library.</summary>
    OnnxRuntime = 1,
}
