using System.Globalization;

namespace PricingCore.Audit;

/// <summary>Where a record stands in an audit log.</summary>
/// <param name="Segment">The number of the segment; the first of a log is 1.</param>
/// <param name="Record">The number of the record in its segment; the first is 0.</param>
/// <param name="Offset">The first byte of the record in the file of the segment.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct AuditPlace(int Segment, int Record, long Offset)
{
    /// <summary>The place in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"segment {Segment}, record {Record}, offset {Offset}");
}
