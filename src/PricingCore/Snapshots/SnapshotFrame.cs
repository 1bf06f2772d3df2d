using System.Buffers.Binary;
using System.IO.Compression;
using PricingCore.Numerics;
using PricingCore.Storage;

namespace PricingCore.Snapshots;

/// <summary>What a frame of a snapshot file holds. The numbers are in files.</summary>
internal enum SnapshotFrameKind
{
    Head = 1,
    Notes = 2,
    Lane = 3,
    End = 4,
}

/// <summary>A piece of a snapshot file: 24 bytes that say what it is, up to 1 MiB of content, and the CRC-32C of both.</summary>
/// <remarks>
/// Each frame holds the CRC of the one before, and the first that of the file's first 8 bytes: so a frame that is missing, doubled, moved or from
/// another file is found as a flipped bit is. Content is stored as it is or, where that is shorter, compressed with Brotli.
/// <code>
/// kind u32 | lane u32 | bytes u32 | bytes stored u32 | CRC before u32 | 0 u32 | content | CRC u32         little-endian
/// </code>
/// </remarks>
internal readonly record struct SnapshotFrame(SnapshotFrameKind Kind, int Lane, int Bytes, int StoredBytes, long Offset, uint CrcBefore, uint Crc)
{
    /// <summary>Bytes before the content.</summary>
    public const int HeadBytes = 24;

    /// <summary>Bytes of a frame besides its content.</summary>
    public const int Overhead = HeadBytes + sizeof(uint);

    /// <summary>The most bytes of a frame.</summary>
    public const int MaxBytes = StateWriter.BlockBytes + Overhead;

    // The fastest quality: a snapshot is written beside the pricing, and soon replaced by the next.
    private const int Quality = 1;
    private const int WindowBits = 18;

    /// <summary>Where the next frame begins.</summary>
    public long End => Offset + Overhead + StoredBytes;

    /// <summary>Makes a frame.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="lane">Whose it is.</param>
    /// <param name="content">At most <see cref="StateWriter.BlockBytes"/>.</param>
    /// <param name="before">The CRC of the frame before.</param>
    /// <param name="frame">Room for <see cref="MaxBytes"/>.</param>
    /// <param name="crc">The CRC of the frame.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(SnapshotFrameKind kind, int lane, ReadOnlySpan<byte> content, uint before, Span<byte> frame, out uint crc)
    {
        // Into one byte less than it has: what does not get shorter is stored as it is.
        Span<byte> room = frame.Slice(HeadBytes, Math.Max(0, content.Length - 1));
        if (!BrotliEncoder.TryCompress(content, room, out int stored, Quality, WindowBits))
        {
            content.CopyTo(frame[HeadBytes..]);
            stored = content.Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(frame, (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], lane);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], stored);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], before);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], 0);
        crc = Crc32C.Of(frame[..(HeadBytes + stored)]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(HeadBytes + stored)..], crc);
        return Overhead + stored;
    }

    /// <summary>Reads a frame and checks every byte of it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the frame begins.</param>
    /// <param name="before">The CRC of the frame before.</param>
    /// <param name="buffer">Gets the frame; replaced by a longer one where it must, of at most <see cref="MaxBytes"/>.</param>
    /// <exception cref="SnapshotException">It is not whole; the message says where.</exception>
    public static SnapshotFrame Read(IStoredFile file, long offset, uint before, ref byte[] buffer)
    {
        buffer = AtLeast(HeadBytes, buffer);
        if (file.Read(offset, buffer.AsSpan(0, HeadBytes)) < HeadBytes)
        {
            throw new SnapshotException($"The file ends within the frame at byte {offset}.");
        }

        int bytes = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(8));
        int stored = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(12));
        if (bytes is < 0 or > StateWriter.BlockBytes || stored < 0 || stored > bytes)
        {
            throw new SnapshotException($"The frame at byte {offset} has {stored} bytes stored of {bytes}; at most {StateWriter.BlockBytes} are legal.");
        }

        int length = Overhead + stored;
        if (length > file.Length - offset) // Before there is room for it: a length may be a lie.
        {
            throw new SnapshotException($"The file ends within the frame at byte {offset}.");
        }

        buffer = AtLeast(length, buffer);
        if (file.Read(offset, buffer.AsSpan(0, length)) < length)
        {
            throw new SnapshotException($"The file ends within the frame at byte {offset}.");
        }

        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(HeadBytes + stored));
        if (crc != Crc32C.Of(buffer.AsSpan(0, HeadBytes + stored)) || before != BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(16)))
        {
            throw new SnapshotException($"The CRC of the frame at byte {offset} does not match: bytes were changed, or the frame is not of this file.");
        }

        return new SnapshotFrame(
            (SnapshotFrameKind)BinaryPrimitives.ReadInt32LittleEndian(buffer), BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(4)), bytes, stored, offset, before, crc);
    }

    /// <summary>The content of a frame that <see cref="Read"/> left in a buffer.</summary>
    /// <param name="buffer">The frame.</param>
    /// <param name="room">Where content that is compressed goes; replaced by a longer one where it must, of at most <see cref="StateWriter.BlockBytes"/>.</param>
    /// <exception cref="SnapshotException">It does not decompress.</exception>
    public ReadOnlyMemory<byte> Content(byte[] buffer, ref byte[] room)
    {
        if (StoredBytes == Bytes)
        {
            return buffer.AsMemory(HeadBytes, Bytes);
        }

        room = AtLeast(Bytes, room);
        return BrotliDecoder.TryDecompress(buffer.AsSpan(HeadBytes, StoredBytes), room, out int written) && written == Bytes
            ? room.AsMemory(0, Bytes)
            : throw new SnapshotException($"The frame at byte {Offset} does not decompress to {Bytes} bytes.");
    }

    private static byte[] AtLeast(int length, byte[] buffer) => buffer.Length >= length ? buffer : GC.AllocateUninitializedArray<byte>(length);
}
