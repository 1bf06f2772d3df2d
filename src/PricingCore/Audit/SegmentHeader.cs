using System.Buffers.Binary;
using PricingCore.Numerics;

namespace PricingCore.Audit;

/// <summary>The first bytes of a segment: which one it is, and the hash of the one before.</summary>
/// <param name="Number">The number of the segment; the first of a log is 1.</param>
/// <param name="Link">What <paramref name="Previous"/> is the hash of.</param>
/// <param name="Previous">32 bytes that only the segment before can have led to.</param>
/// <param name="CreatedAt">Microseconds since 1970.</param>
internal sealed record SegmentHeader(int Number, SegmentLink Link, byte[] Previous, long CreatedAt)
{
    /// <summary>The bytes of the header.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[AuditFormat.HeaderBytes];
        AuditFormat.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Number);
        bytes[12] = (byte)Link;
        Previous.CopyTo(bytes.AsSpan(16));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), CreatedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Append(0, bytes.AsSpan(0, 60)));
        return bytes;
    }

    /// <summary>Reads a header.</summary>
    /// <returns>Null when the bytes are none: too few, another magic, or a wrong CRC.</returns>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < AuditFormat.HeaderBytes
            || !bytes.StartsWith(AuditFormat.Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Crc32C.Append(0, bytes[..60])
            || bytes[12] > (byte)SegmentLink.WholeFile
            || bytes[13..16].ContainsAnyExcept((byte)0)
            || bytes[56..60].ContainsAnyExcept((byte)0))
        {
            return null;
        }

        int number = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        long createdAt = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]);
        return number > 0 && UnixMicros.IsTime(createdAt)
            ? new SegmentHeader(number, (SegmentLink)bytes[12], bytes[16..48].ToArray(), createdAt)
            : null;
    }
}
