using System.Globalization;

namespace PricingCore.Audit;

/// <summary>Something that is not as it was written.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Offset">The first byte of what is wrong.</param>
/// <param name="Record">The record that is changed, missing, repeated or out of order; null when a whole file or no record is meant.</param>
/// <param name="Problem">What is wrong, in words.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record AuditFault(string File, long Offset, int? Record, string Problem)
{
    /// <summary>One line.</summary>
    public override string ToString() => Record is { } record
        ? string.Create(CultureInfo.InvariantCulture, $"{File}, record {record}, offset {Offset}: {Problem}")
        : string.Create(CultureInfo.InvariantCulture, $"{File}, offset {Offset}: {Problem}");
}
