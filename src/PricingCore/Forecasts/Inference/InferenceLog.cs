using Microsoft.Extensions.Logging;

namespace PricingCore.Forecasts.Inference;

/// <summary>What the inference thread tells an operator. Event ids from 1,200.</summary>
internal static partial class InferenceLog
{
    [LoggerMessage(1_200, LogLevel.Error, "Model {Model} failed; the baseline stands in. Further failures are counted, not logged.")]
    public static partial void ModelFailed(ILogger logger, string model, Exception failure);

    [LoggerMessage(1_201, LogLevel.Warning, "A model has not answered for five seconds; its thread is left behind.")]
    public static partial void LeftBehind(ILogger logger);
}
