using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>Ways to evaluate a graph that do as a test wants.</summary>
internal static class ScriptedEngines
{
    public static ModelEngines NotCompiling => new()
    {
        Compile = (ReadOnlySpan<byte> _, out string reason) =>
        {
            reason = "no trees here.";
            return null;
        },
    };

    public static ModelEngines Compiling(IModelGraph compiled) => new()
    {
        Compile = (ReadOnlySpan<byte> _, out string reason) =>
        {
            reason = "";
            return compiled;
        },
        Compare = (_, _, _) => null, // The real one reads trees, of which the graph here has none.
    };

    public static OnnxSession Missing(ReadOnlySpan<byte> graph) => throw new DllNotFoundException("not installed here");
}
