using System.Buffers.Binary;

namespace PricingCore.Audit;

/// <summary>What every record begins with.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Its number in the segment; the first is 0.</param>
/// <param name="Time">Microseconds since 1970.</param>
internal readonly record struct RecordHead(AuditRecordKind Kind, int Number, long Time)
{
    public void Write(Span<byte> payload)
    {
        payload[0] = AuditFormat.Leaf;
        payload[1] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(payload[2..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(payload[6..], Time);
    }

    /// <summary>Reads a head.</summary>
    /// <returns><see langword="false"/> when the payload is not that of a record.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out RecordHead head)
    {
        if (payload.Length < AuditFormat.RecordHeadBytes || payload[0] != AuditFormat.Leaf)
        {
            head = default;
            return false;
        }

        head = new RecordHead((AuditRecordKind)payload[1], BinaryPrimitives.ReadInt32LittleEndian(payload[2..]), BinaryPrimitives.ReadInt64LittleEndian(payload[6..]));
        return true;
    }
}
