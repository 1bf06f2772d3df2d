namespace PricingCore.Audit;

/// <summary>What a record of an audit log is; the byte is part of the file format.</summary>
internal enum AuditRecordKind : byte
{
    /// <summary>Everything before it was safe on disk when it was written; holds its own place and the Merkle root so far.</summary>
    Mark = 1,

    /// <summary>A process has begun to write: what it cut, and which key it hashes user ids with.</summary>
    Started = 2,

    /// <summary>A part of a rule set.</summary>
    Rules = 3,

    /// <summary>A model's version and the hash of its graph.</summary>
    Model = 4,

    /// <summary>A decision.</summary>
    Decision = 5,

    /// <summary>A quote served.</summary>
    Quote = 6,

    /// <summary>A key of user ids was destroyed.</summary>
    KeyDestroyed = 7,

    /// <summary>Segments are removed because of their age.</summary>
    Removed = 8,

    /// <summary>A segment could not be continued, since bytes in its middle are damaged.</summary>
    Damaged = 9,
}
