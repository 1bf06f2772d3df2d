using Microsoft.Extensions.Logging;

namespace PricingCore;

/// <summary>What the engine tells an operator. Event ids from 1,000.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1_000, LogLevel.Information, "Demand spike in region {Region}: its decisions are made anew.")]
    public static partial void DemandSpike(ILogger logger, string region);

    [LoggerMessage(1_001, LogLevel.Critical, "A pricing loop has failed; the engine refuses everything from now on.")]
    public static partial void LoopFailed(ILogger logger, Exception failure);

    [LoggerMessage(1_002, LogLevel.Warning, "A ring is full: a tick was left out.")]
    public static partial void TickLeftOut(ILogger logger);

    [LoggerMessage(1_003, LogLevel.Error, "The roll-out of {Model} went back by itself: {Reason}.")]
    public static partial void RolledBack(ILogger logger, string model, string reason);

    [LoggerMessage(1_004, LogLevel.Information, "{Model} is rolled out: it is the running model now.")]
    public static partial void RolledOut(ILogger logger, string model);
}
