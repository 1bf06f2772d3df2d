using System.Globalization;

namespace PricingCore.Audit;

/// <summary>Names a record and all before it: the segment, how many of its records, and the Merkle root over them.</summary>
internal sealed record AuditHead(int Segment, int Count, string Root)
{
    public static AuditHead? TryParse(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int segment)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && parts[2].Length == 2 * MerkleTree.HashBytes
            && parts[2].All(char.IsAsciiHexDigitLower)
            ? new AuditHead(segment, count, parts[2])
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Segment}:{Count}:{Root}");
}
