namespace PricingCore.Audit;

/// <summary>What a check of an audit log found.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record AuditReport
{
    /// <summary>Segments that are there.</summary>
    public required int Segments { get; init; }

    /// <summary>Records in them, marks and notes included.</summary>
    public required long Records { get; init; }

    /// <summary>Decisions among them.</summary>
    public required long Decisions { get; init; }

    /// <summary>Quotes among them.</summary>
    public required long Quotes { get; init; }

    /// <summary>Bytes of the segments.</summary>
    public required long Bytes { get; init; }

    /// <summary>The time of the first record; null when there is none.</summary>
    public required DateTimeOffset? FirstAt { get; init; }

    /// <summary>The latest time of a record; null when there is none.</summary>
    public required DateTimeOffset? LastAt { get; init; }

    /// <summary>Names the newest record and all before it: segment, records in it, and their Merkle root. Keep it elsewhere to find out later whether the end was cut off or all was written anew.</summary>
    public required string Head { get; init; }

    /// <summary>What is no fault and worth knowing: starts that cut a torn tail, segments removed because of their age, keys destroyed.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Everything that is not as it was written; at most 1,000.</summary>
    public required IReadOnlyList<AuditFault> Faults { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsIntact => Faults.Count == 0;
}
