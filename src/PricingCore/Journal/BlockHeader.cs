using System.Buffers.Binary;
using PricingCore.Numerics;

namespace PricingCore.Journal;

/// <summary>The 48 bytes before the payload of a block.</summary>
/// <remarks>The block says where it stands, so that one which got to another place, or is a copy inside a note, is not taken for one.</remarks>
internal struct BlockHeader
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 48;

    private const int CheckedFrom = 8;

    public BlockKind Kind;
    public JournalCodec Codec;
    public JournalNoteKind NoteKind;
    public int StoredBytes;

    /// <summary>Bytes that the codec unpacks to.</summary>
    public int RawBytes;
    public int Count;

    /// <summary>Of the first record in it; in other blocks, of the next record.</summary>
    public long FirstSequence;

    /// <summary>Where in the segment the block begins.</summary>
    public uint Offset;

    /// <summary>How much of the segment was safe when the block was written: damage before that is no torn tail.</summary>
    public uint SyncedBytes;
    public uint SegmentNumber;
    public int Lane;

    /// <summary>What a block begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "PCBK"u8;

    /// <summary>Bytes of the whole block.</summary>
    public readonly int BlockBytes => Size + StoredBytes;

    /// <summary>Writes the header before its payload, all but where it will stand.</summary>
    public readonly void Write(Span<byte> block)
    {
        Magic.CopyTo(block);
        block[8] = (byte)Kind;
        block[9] = (byte)Codec;
        block[10] = (byte)NoteKind;
        block[11] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], StoredBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[16..], RawBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], FirstSequence);
    }

    /// <summary>Says where a written block stands, and seals it.</summary>
    public static void Place(Span<byte> block, uint offset, uint syncedBytes, long segmentNumber, int lane)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(block[32..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(block[36..], syncedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(block[40..], unchecked((uint)segmentNumber));
        BinaryPrimitives.WriteInt32LittleEndian(block[44..], lane);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], Crc32C.Of(block[CheckedFrom..]));
    }

    /// <summary>Bytes of a block that this process wrote.</summary>
    public static int BlockBytesOf(ReadOnlySpan<byte> block) => Size + BinaryPrimitives.ReadInt32LittleEndian(block[12..]);

    /// <summary>Reads a header, of which nothing is true until the CRC was compared.</summary>
    /// <returns>What cannot be right whatever the payload; null when all may be.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes, out BlockHeader header)
    {
        header = new BlockHeader
        {
            Kind = (BlockKind)bytes[8],
            Codec = (JournalCodec)bytes[9],
            NoteKind = (JournalNoteKind)bytes[10],
            StoredBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            RawBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            FirstSequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            Offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            SyncedBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]),
            SegmentNumber = BinaryPrimitives.ReadUInt32LittleEndian(bytes[40..]),
            Lane = BinaryPrimitives.ReadInt32LittleEndian(bytes[44..]),
        };
        return !bytes[..Magic.Length].SequenceEqual(Magic) ? "no block begins here"
            : header.StoredBytes is < 0 or > JournalFormat.MaxStoredBytes || header.RawBytes is < 0 or > JournalFormat.MaxNoteBytes ? "the block's length is out of range"
            : bytes[11] != 0 || header.FirstSequence < 1 || !IsCountLegal(header) ? "the block's header holds a number that is out of range"
            : null;
    }

    /// <summary>Whether header and payload are as they were sealed.</summary>
    /// <param name="block">The whole block.</param>
    public static bool IsSealed(ReadOnlySpan<byte> block) =>
        Crc32C.Of(block[CheckedFrom..]) == BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);

    private static bool IsCountLegal(in BlockHeader header) => header.Kind switch
    {
        BlockKind.Records => header.Count is > 0 and <= JournalFormat.MaxRecordsInBlock
            && header.RawBytes <= header.Count * JournalFormat.RecordBytes
            && header.FirstSequence <= long.MaxValue - header.Count,
        BlockKind.Note => header.Count == 0,
        BlockKind.End => header.Count == 0 && header.StoredBytes == 0 && header.RawBytes == 0,
        _ => false,
    };
}
