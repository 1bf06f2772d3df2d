using Microsoft.Extensions.Logging;
using PricingCore.Journal;

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

    [LoggerMessage(1_005, LogLevel.Information, "{Records} records of the journal in {Directory} were handled again.")]
    public static partial void Recovered(ILogger logger, long records, string directory);

    [LoggerMessage(1_006, LogLevel.Critical, "The journal cannot be written ({Durability}); it is tried again until it works.")]
    public static partial void JournalFails(ILogger logger, Exception failure, Durability durability);

    [LoggerMessage(1_007, LogLevel.Warning, "The journal can be written again.")]
    public static partial void JournalWorks(ILogger logger);

    [LoggerMessage(1_008, LogLevel.Error, "Model {Model} priced before the restart and is not at hand now: {Reason}. The model of the options prices, or the baseline.")]
    public static partial void ModelNotAtHand(ILogger logger, string model, string reason);
}
