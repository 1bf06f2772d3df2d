using System.Buffers;
using System.Buffers.Binary;

namespace PricingCore.Protocol;

/// <summary>The first 12 bytes of each frame: length of what follows the length, kind, flags (0), count of entries, correlation id; little-endian.</summary>
/// <param name="Kind">What the frame is; may be a number that this version does not know.</param>
/// <param name="Count">Entries in the body, where the kind has entries; from 0 to 65,535.</param>
/// <param name="Correlation">Chosen by the client for each request and repeated in its answer; 0 where there is no request.</param>
/// <param name="BodyLength">Bytes after the header.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct FrameHeader(FrameKind Kind, int Count, uint Correlation, int BodyLength)
{
    /// <summary>Bytes of a header: 12.</summary>
    public const int Size = 12;

    private const int LengthBytes = sizeof(uint);

    /// <summary>Bytes of the whole frame.</summary>
    public int FrameLength => Size + BodyLength;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The beginning of a frame; may be cut anywhere.</param>
    /// <param name="maxFrameBytes">The longest frame to accept, header included.</param>
    /// <param name="header">The header.</param>
    public static FrameStatus TryRead(ReadOnlySpan<byte> bytes, int maxFrameBytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < LengthBytes)
        {
            return FrameStatus.Incomplete;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length < Size - LengthBytes)
        {
            return FrameStatus.Malformed;
        }

        if (length > (uint)Math.Max(0, maxFrameBytes - LengthBytes))
        {
            return FrameStatus.TooLong; // Said as early as the length is there: nothing is kept for such a frame.
        }

        if (bytes.Length < Size)
        {
            return FrameStatus.Incomplete;
        }

        header = new FrameHeader(
            (FrameKind)bytes[4],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            (int)length - (Size - LengthBytes));
        return bytes[5] == 0 ? FrameStatus.Complete : FrameStatus.Malformed;
    }

    /// <summary>Takes a frame off the front of a buffer, if all of it is there.</summary>
    /// <param name="buffer">What was received; begins after the frame when it was complete, and is unchanged otherwise.</param>
    /// <param name="maxFrameBytes">The longest frame to accept, header included.</param>
    /// <param name="header">The header.</param>
    /// <param name="body">The bytes after the header, in place.</param>
    public static FrameStatus TryTake(ref ReadOnlySequence<byte> buffer, int maxFrameBytes, out FrameHeader header, out ReadOnlySequence<byte> body)
    {
        body = default;
        FrameStatus status;
        if (buffer.FirstSpan.Length >= Size)
        {
            status = TryRead(buffer.FirstSpan, maxFrameBytes, out header);
        }
        else
        {
            Span<byte> start = stackalloc byte[Size];
            ReadOnlySequence<byte> first = buffer.Slice(0, Math.Min(buffer.Length, Size));
            first.CopyTo(start);
            status = TryRead(start[..(int)first.Length], maxFrameBytes, out header);
        }

        if (status != FrameStatus.Complete)
        {
            return status;
        }

        if (buffer.Length < header.FrameLength)
        {
            return FrameStatus.Incomplete;
        }

        body = buffer.Slice(Size, header.BodyLength);
        buffer = buffer.Slice(body.End);
        return FrameStatus.Complete;
    }

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)(BodyLength + Size - LengthBytes));
        destination[4] = (byte)Kind;
        destination[5] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], (ushort)Count);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Correlation);
    }
}
