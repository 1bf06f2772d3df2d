using Microsoft.Extensions.Logging;

namespace PricingCore.Hosting;

/// <summary>What a host tells an operator of its engines. Event ids from 6,000.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(6_000, LogLevel.Information, "Engine '{Engine}' starts.")]
    public static partial void Starting(ILogger logger, string engine);

    [LoggerMessage(6_001, LogLevel.Information, "Engine '{Engine}' runs after {Milliseconds:F0} ms: {Records} records handled again, rules {Rules}.")]
    public static partial void Running(ILogger logger, string engine, double milliseconds, long records, string rules);

    [LoggerMessage(6_002, LogLevel.Critical, "Engine '{Engine}' could not start.")]
    public static partial void StartFailed(ILogger logger, string engine, Exception failure);

    [LoggerMessage(6_003, LogLevel.Information, "Engine '{Engine}' recovers: {Records} records so far.")]
    public static partial void Recovering(ILogger logger, string engine, long records);

    [LoggerMessage(6_004, LogLevel.Error, "Engine '{Engine}': a decision came out otherwise than before the restart. {Difference}")]
    public static partial void RecoveryDiffers(ILogger logger, string engine, string difference);

    [LoggerMessage(6_005, LogLevel.Information, "Engine '{Engine}' drains.")]
    public static partial void Draining(ILogger logger, string engine);

    [LoggerMessage(6_006, LogLevel.Information, "Engine '{Engine}' is drained after {Milliseconds:F0} ms.")]
    public static partial void Drained(ILogger logger, string engine, double milliseconds);

    [LoggerMessage(6_007, LogLevel.Error, "Engine '{Engine}' is not drained within {Seconds:F0} s; what is not on disk by now may be lost, unless it was durable.")]
    public static partial void NotDrained(ILogger logger, string engine, double seconds);

    [LoggerMessage(6_008, LogLevel.Warning, "Engine '{Engine}' ends without a last snapshot; the next start handles more of the journal again.")]
    public static partial void NoLastSnapshot(ILogger logger, string engine);

    [LoggerMessage(6_010, LogLevel.Information, "Engine '{Engine}' prices by the rules {Version} of {File}.")]
    public static partial void RulesInForce(ILogger logger, string engine, string version, string file);

    [LoggerMessage(6_011, LogLevel.Error, "Engine '{Engine}': {File} is refused, and the rules before it stay in force.")]
    public static partial void RulesRefused(ILogger logger, string engine, string file, Exception problem);

    [LoggerMessage(6_012, LogLevel.Warning, "Engine '{Engine}' has no rules, and refuses every quote until some are published: set RulesFile, or PricingOptions.Rules.")]
    public static partial void NoRules(ILogger logger, string engine);

    [LoggerMessage(6_013, LogLevel.Error, "Engine '{Engine}': the model {Model} is refused; the baseline prices, or the model of the journal.")]
    public static partial void ModelRefused(ILogger logger, string engine, string model, Exception refused);

    [LoggerMessage(6_020, LogLevel.Warning, "Engine '{Engine}', alert {Kind}: {Reason}")]
    public static partial void AlertRaised(ILogger logger, string engine, string kind, string reason);

    [LoggerMessage(6_021, LogLevel.Information, "Engine '{Engine}', alert {Kind} is over after {Seconds:F0} s. It was: {Reason}")]
    public static partial void AlertResolved(ILogger logger, string engine, string kind, string reason, double seconds);

    [LoggerMessage(6_022, LogLevel.Error, "Engine '{Engine}', alert {Kind} was not sent to {Receiver}: {Outcome}, {Problem}.")]
    public static partial void AlertNotSent(ILogger logger, string engine, string kind, string receiver, Alerts.WebhookOutcome outcome, string problem);

    [LoggerMessage(6_023, LogLevel.Warning, "Engine '{Engine}': {Count} demand spikes came faster than alerts are made of them; event 1000 has them.")]
    public static partial void SpikesDropped(ILogger logger, string engine, long count);

    [LoggerMessage(6_024, LogLevel.Error, "Engine '{Engine}': a look for alerts failed; the next one comes.")]
    public static partial void LookFailed(ILogger logger, string engine, Exception failure);
}
