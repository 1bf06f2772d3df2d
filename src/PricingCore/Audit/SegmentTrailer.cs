using System.Buffers.Binary;
using System.Security.Cryptography;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>What closes a segment: how many records it has, their Merkle root, and what the next start must know.</summary>
/// <param name="Segment">The number of the segment.</param>
/// <param name="Count">Its records.</param>
/// <param name="Root">The Merkle root over them.</param>
/// <param name="HeaderHash">SHA-256 of its header, which binds it to the segment before.</param>
/// <param name="LeafListHash">SHA-256 of the first 8 bytes of each leaf, as they stand before the trailer.</param>
/// <param name="FirstAt">The time of its first record, in microseconds since 1970.</param>
/// <param name="LastAt">The latest time of a record.</param>
/// <param name="Ordinals">The last decision recorded of each lane, in this segment or one before.</param>
internal sealed record SegmentTrailer(
    int Segment, int Count, byte[] Root, byte[] HeaderHash, byte[] LeafListHash, long FirstAt, long LastAt, long[] Ordinals)
{
    /// <summary>The most bytes of a trailer's payload.</summary>
    public const int MaxBytes = 2 + 8 + (3 * MerkleTree.HashBytes) + 16 + 1 + (8 * AuditFormat.MaxLanes);

    /// <summary>The payload.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[MaxBytes];
        var writer = new RecordWriter(bytes);
        writer.Write(AuditFormat.Closing);
        writer.Write(AuditFormat.Trailer);
        writer.Write(Segment);
        writer.Write(Count);
        writer.Write(Root);
        writer.Write(HeaderHash);
        writer.Write(LeafListHash);
        writer.Write(FirstAt);
        writer.Write(LastAt);
        writer.Write((byte)Ordinals.Length);
        foreach (long ordinal in Ordinals)
        {
            writer.Write(ordinal);
        }

        return bytes[..writer.Length];
    }

    /// <summary>Reads a payload.</summary>
    /// <exception cref="InvalidDataException">It is not that of a trailer.</exception>
    public static SegmentTrailer Read(ReadOnlySpan<byte> payload)
    {
        var reader = new RecordReader(payload);
        if (reader.Read<byte>() != AuditFormat.Closing || reader.Read<byte>() != AuditFormat.Trailer)
        {
            throw new InvalidDataException("The last payload is no trailer.");
        }

        (int segment, int count) = (reader.Read<int>(), reader.Read<int>());
        byte[] root = reader.Next(MerkleTree.HashBytes).ToArray();
        byte[] header = reader.Next(MerkleTree.HashBytes).ToArray();
        byte[] list = reader.Next(MerkleTree.HashBytes).ToArray();
        (long first, long last) = (reader.Read<long>(), reader.Read<long>());
        int lanes = reader.Read<byte>();
        if (lanes > AuditFormat.MaxLanes || segment <= 0 || count < 0)
        {
            throw new InvalidDataException($"The trailer says {count} records and {lanes} lanes of segment {segment}.");
        }

        var ordinals = new long[lanes];
        foreach (ref long ordinal in ordinals.AsSpan())
        {
            ordinal = reader.Read<long>();
        }

        return reader.Rest.IsEmpty
            ? new SegmentTrailer(segment, count, root, header, list, first, last, ordinals)
            : throw new InvalidDataException("The trailer is longer than it says.");
    }

    /// <summary>What the next segment's header names this segment by.</summary>
    public byte[] Hash() => SHA256.HashData(ToBytes());

    /// <summary>Reads the trailer at the end of a closed segment.</summary>
    /// <returns>Null when the file does not end with one.</returns>
    public static SegmentTrailer? ReadLast(IStoredFile file)
    {
        Span<byte> end = stackalloc byte[AuditFormat.EndBytes];
        long length = file.Length;
        if (length < AuditFormat.HeaderBytes + AuditFormat.EndBytes
            || file.Read(length - end.Length, end) != end.Length
            || !end[sizeof(long)..].SequenceEqual(AuditFormat.EndMagic))
        {
            return null;
        }

        long at = BinaryPrimitives.ReadInt64LittleEndian(end);
        if (at < AuditFormat.HeaderBytes || at > length - end.Length - AuditFormat.FrameHeadBytes)
        {
            return null;
        }

        long bytes = length - end.Length - at;
        if (bytes > MaxBytes + AuditFormat.FrameHeadBytes)
        {
            return null;
        }

        byte[] frame = new byte[bytes];
        if (file.Read(at, frame) != frame.Length || !AuditFrame.TryRead(frame, out ReadOnlySpan<byte> payload) || payload.Length != frame.Length - AuditFormat.FrameHeadBytes)
        {
            return null;
        }

        try
        {
            return Read(payload);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
