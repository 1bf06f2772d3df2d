using Microsoft.Extensions.Logging;

namespace PricingCore.Forecasts.Models;

/// <summary>What loading a model tells an operator. Event ids from 1,100.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(1_100, LogLevel.Information, "Model {Model} runs as compiled trees; ONNX Runtime {Version} gives the same bits on {GoldenRows} golden rows and on random ones.")]
    public static partial void Compiled(ILogger logger, string model, string version, int goldenRows);

    [LoggerMessage(1_101, LogLevel.Information, "Model {Model} runs in ONNX Runtime {Version}: it is not compiled, since {Reason}")]
    public static partial void NotCompiled(ILogger logger, string model, string version, string reason);

    [LoggerMessage(1_102, LogLevel.Warning, "Model {Model} runs as compiled trees that give the bits of {GoldenRows} golden rows; nothing else could be compared, since ONNX Runtime is missing. {Reason}")]
    public static partial void CompiledUnchecked(ILogger logger, string model, int goldenRows, string reason);

    [LoggerMessage(1_103, LogLevel.Warning, "Model {Model} runs in ONNX Runtime {Version}, slower: its compiled trees gave other bits. {Reason} Report this with the model.")]
    public static partial void CompiledWrongly(ILogger logger, string model, string version, string reason);

    [LoggerMessage(1_104, LogLevel.Information, "Model {Model} runs as compiled trees that give the bits of {GoldenRows} golden rows; it was compared with ONNX Runtime before.")]
    public static partial void CompiledAgain(ILogger logger, string model, int goldenRows);
}
