using System.Buffers.Binary;
using PricingCore.Numerics;

namespace PricingCore.Audit;

/// <summary>A payload with its length and CRC before it, as it stands in a segment.</summary>
internal static class AuditFrame
{
    /// <summary>Writes length and CRC before a payload that stands in its place.</summary>
    public static void Seal(Span<byte> frame)
    {
        int length = frame.Length - AuditFormat.FrameHeadBytes;
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(int)..], CrcOf(frame[..sizeof(int)], frame[AuditFormat.FrameHeadBytes..]));
    }

    /// <summary>The payload of the frame that some bytes begin with.</summary>
    /// <returns><see langword="false"/> when they begin with no whole frame whose CRC is right.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (bytes.Length < AuditFormat.FrameHeadBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < 2 || length > AuditFormat.MaxPayloadBytes || length > bytes.Length - AuditFormat.FrameHeadBytes)
        {
            return false;
        }

        payload = bytes.Slice(AuditFormat.FrameHeadBytes, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(int)..]) == CrcOf(bytes[..sizeof(int)], payload);
    }

    private static uint CrcOf(ReadOnlySpan<byte> length, ReadOnlySpan<byte> payload) => Crc32C.Append(Crc32C.Append(0, length), payload);
}
