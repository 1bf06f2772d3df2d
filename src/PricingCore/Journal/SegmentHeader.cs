using System.Buffers.Binary;
using PricingCore.Numerics;

namespace PricingCore.Journal;

/// <summary>The first 64 bytes of a segment. They are on disk before anything is written behind them.</summary>
/// <param name="Number">From 1; consecutive.</param>
/// <param name="Lane">The lane whose records these are.</param>
/// <param name="FirstSequence">Of the first record to come.</param>
/// <param name="FirstTimeMicros">When the first record to come was received; 0 when that was not known.</param>
/// <param name="PreviousBytes">How much of the segment before this counts. What is behind it was never safe and is written again here.</param>
/// <param name="IsAfterGap">Records before this one are missing, and whoever wrote knew it.</param>
internal readonly record struct SegmentHeader(
    long Number, int Lane, long FirstSequence, long FirstTimeMicros, long PreviousBytes, bool IsAfterGap)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 64;

    private const int CheckedBytes = Size - sizeof(uint);
    private const ushort GapFlag = 1;

    private static ReadOnlySpan<byte> Magic => "PRICINGJ"u8;

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], JournalFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], IsAfterGap ? GapFlag : (ushort)0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Lane);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], FirstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], FirstTimeMicros);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], PreviousBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CheckedBytes..], Crc32C.Of(bytes[..CheckedBytes]));
    }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">As many as there are of the first 64.</param>
    /// <param name="number">The number in the file's name.</param>
    /// <param name="header">The header, when there is no fault.</param>
    /// <param name="mayBeTorn">Whether a crash while it was written may have left it so.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? Read(ReadOnlySpan<byte> bytes, long number, out SegmentHeader header, out bool mayBeTorn)
    {
        header = default;
        mayBeTorn = true;
        if (bytes.Length < Size)
        {
            return "the segment's header is cut short";
        }

        if (!bytes[..Magic.Length].SequenceEqual(Magic))
        {
            return "this is no segment of a journal";
        }

        if (Crc32C.Of(bytes[..CheckedBytes]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckedBytes..]))
        {
            return "the CRC of the segment's header is wrong";
        }

        mayBeTorn = false;
        int version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (version != JournalFormat.Version)
        {
            return $"the segment is of format {version}; this engine reads format {JournalFormat.Version}";
        }

        int flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]);
        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            flags == GapFlag);
        return header.Number != number ? $"the segment's header has number {header.Number}, its name {number}"
            : flags > GapFlag || header.Lane < 0 || header.FirstSequence < 1 || header.PreviousBytes is < 0 or > JournalFormat.MaxSegmentBytes
                || bytes[48..CheckedBytes].ContainsAnyExcept((byte)0)
                ? "the segment's header holds a number that is out of range"
            : null;
    }
}
