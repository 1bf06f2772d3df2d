using Microsoft.Extensions.Logging;

namespace PricingCore.Audit;

/// <summary>What the audit log tells an operator. Event ids from 5,000.</summary>
internal static partial class AuditLogNotes
{
    [LoggerMessage(5_000, LogLevel.Warning, "{File}: {Bytes} bytes behind the last whole record were no record, as after a crash; they are cut, and kept in {Kept}.")]
    public static partial void TailCut(ILogger logger, string file, long bytes, string kept);

    [LoggerMessage(5_001, LogLevel.Error, "{File} is damaged at offset {Offset}, before records that are whole. It is left as it is and a new segment begun; 'pricing audit verify' says what is lost.")]
    public static partial void SegmentDamaged(ILogger logger, string file, long offset);

    [LoggerMessage(5_002, LogLevel.Error, "The audit log cannot be written: quotes and decisions are refused until it can. {Records} records are kept in memory.")]
    public static partial void CannotWrite(ILogger logger, int records, Exception failure);

    [LoggerMessage(5_003, LogLevel.Information, "The audit log can be written again.")]
    public static partial void WritesAgain(ILogger logger);

    [LoggerMessage(5_004, LogLevel.Warning, "The index of {File} could not be written; it is made when it is needed.")]
    public static partial void IndexNotWritten(ILogger logger, string file, Exception failure);

    [LoggerMessage(5_005, LogLevel.Information, "The segments of the audit log up to {File} are older than they are kept for; they are removed.")]
    public static partial void Removed(ILogger logger, string file);

    [LoggerMessage(5_006, LogLevel.Error, "A decision follows the rules {Version}, which the audit log was not told of: it cannot be read back in full.")]
    public static partial void RulesUnknown(ILogger logger, string version);

    [LoggerMessage(5_007, LogLevel.Critical, "The audit log's thread has failed; quotes and decisions are refused from now on.")]
    public static partial void ThreadFailed(ILogger logger, Exception failure);

    [LoggerMessage(5_008, LogLevel.Warning, "Old segments of the audit log could not be removed; it is tried again.")]
    public static partial void NotRemoved(ILogger logger, Exception failure);
}
