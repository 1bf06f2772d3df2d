using Microsoft.Extensions.Logging;

namespace PricingCore;

/// <summary>What an operator should know of snapshots. Event ids from 1,300.</summary>
internal static partial class SnapshotLog
{
    [LoggerMessage(1_300, LogLevel.Information, "Snapshot {Number} is taken.")]
    public static partial void Taken(ILogger logger, long number);

    [LoggerMessage(1_301, LogLevel.Error, "A snapshot could not be written; those before are untouched.")]
    public static partial void NotTaken(ILogger logger, Exception failure);

    [LoggerMessage(1_302, LogLevel.Warning, "{Path} is not a whole snapshot and is left out: {Reason}")]
    public static partial void Skipped(ILogger logger, string path, string reason);

    [LoggerMessage(1_303, LogLevel.Information, "The start begins with snapshot {Number}.")]
    public static partial void Begun(ILogger logger, long number);
}
