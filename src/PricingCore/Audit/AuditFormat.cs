namespace PricingCore.Audit;

/// <summary>The constants of the files of an audit log; docs/audit.md describes them.</summary>
internal static class AuditFormat
{
    /// <summary>The first bytes of a segment.</summary>
    public static ReadOnlySpan<byte> Magic => "PCAUDIT1"u8;

    /// <summary>The last bytes of a closed segment.</summary>
    public static ReadOnlySpan<byte> EndMagic => "PCAUDEND"u8;

    /// <summary>The first bytes of a mark's body, by which a reader finds its way again behind damaged bytes.</summary>
    public static ReadOnlySpan<byte> MarkMagic => "PCAUDMRK"u8;

    /// <summary>Bytes of a segment's header.</summary>
    public const int HeaderBytes = 64;

    /// <summary>Length and CRC before each payload.</summary>
    public const int FrameHeadBytes = 8;

    /// <summary>Before the body of a record: what it is, its kind, its number, its time.</summary>
    public const int RecordHeadBytes = 1 + 1 + sizeof(int) + sizeof(long);

    /// <summary>The most bytes of a payload: what a reader must have room for.</summary>
    public const int MaxPayloadBytes = 131_072;

    /// <summary>Behind the trailer of a closed segment: its offset, and <see cref="EndMagic"/>.</summary>
    public const int EndBytes = sizeof(long) + 8;

    /// <summary>The first byte of a record: its SHA-256 is a leaf of the segment's Merkle tree (RFC 6962).</summary>
    public const byte Leaf = 0;

    /// <summary>The first byte of what closes a segment; an inner node of the tree begins with 1, so none is mistaken for another.</summary>
    public const byte Closing = 2;

    /// <summary>The kind of a closing payload that lists the first bytes of leaves.</summary>
    public const byte LeafList = 1;

    /// <summary>The kind of the last payload of a segment.</summary>
    public const byte Trailer = 2;

    /// <summary>The most bytes of text that a record holds, in UTF-8; longer ones are cut.</summary>
    public const int MaxTextBytes = 1_024;

    /// <summary>Bytes of a rule set in one record.</summary>
    public const int RulesPartBytes = 65_536;

    /// <summary>The most features of a row that is recorded.</summary>
    public const int MaxFeatures = 16_384;

    /// <summary>The most lanes.</summary>
    public const int MaxLanes = 64;

    /// <summary>The name of a segment's file.</summary>
    public static string NameOf(int segment) => FormattableString.Invariant($"audit-{segment:D10}.log");

    /// <summary>The name of a segment's index.</summary>
    public static string IndexNameOf(int segment) => FormattableString.Invariant($"audit-{segment:D10}.idx");

    /// <summary>The number of the segment that a file is; 0 when it is none.</summary>
    public static int NumberOf(string name) =>
        name.Length == "audit-0000000001.log".Length && name.StartsWith("audit-", StringComparison.Ordinal) && name.EndsWith(".log", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(6, 10), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
}
