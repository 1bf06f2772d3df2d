using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Turns records into byte planes and back: first all first bytes, then all second bytes and so on, without the planes in which nothing changes.</summary>
/// <remarks>
/// <para>Before that, the time of receipt becomes the difference from the record before it, and the time of the event the difference from its own
/// receipt, both folded so that small negative numbers are small. Most of the 64 planes are then constant and cost a byte a block.</para>
/// <code>
/// head:   mask of the planes that change (8) | first time of receipt (8) | one byte for each plane that does not
/// planes: those that change, in order, a byte a record
/// </code>
/// </remarks>
internal static class RecordPlanes
{
    /// <summary>The longest head.</summary>
    public const int MaxHeadBytes = FixedHeadBytes + JournalFormat.RecordBytes;

    /// <summary>Bytes of mask and first time.</summary>
    public const int FixedHeadBytes = 2 * sizeof(ulong);

    /// <summary>Where the first time of receipt stands in a head.</summary>
    public const int FirstTimeAt = sizeof(ulong);

    private const int WordsInRecord = JournalFormat.RecordBytes / sizeof(ulong);
    private const int Tile = 64; // Records: 4 KB, so that the tile stays in the first cache while each plane is taken from it.

    /// <summary>Makes planes of records; the records are changed.</summary>
    /// <param name="records">One or more.</param>
    /// <param name="head">Room for <see cref="MaxHeadBytes"/>.</param>
    /// <param name="planes">Room for as many bytes as the records have.</param>
    /// <returns>Bytes of the head and of the planes.</returns>
    public static (int HeadBytes, int PlaneBytes) Pack(Span<AcceptedEvent> records, Span<byte> head, Span<byte> planes)
    {
        Span<ulong> words = MemoryMarshal.Cast<AcceptedEvent, ulong>(records);
        BinaryPrimitives.WriteInt64LittleEndian(head[FirstTimeAt..], records[0].ReceivedAt);
        FoldTimes(words);

        Span<ulong> changes = stackalloc ulong[WordsInRecord];
        changes.Clear();
        for (int at = WordsInRecord; at < words.Length; at += WordsInRecord)
        {
            for (int word = 0; word < WordsInRecord; word++)
            {
                changes[word] |= words[at + word] ^ words[word];
            }
        }

        Span<byte> changed = MemoryMarshal.AsBytes(changes);
        Span<byte> bytes = MemoryMarshal.AsBytes(words);
        ulong mask = 0;
        int headBytes = FixedHeadBytes;
        for (int plane = 0; plane < JournalFormat.RecordBytes; plane++)
        {
            if (changed[plane] != 0)
            {
                mask |= 1UL << plane;
            }
            else
            {
                head[headBytes++] = bytes[plane];
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(head, mask);
        Gather(bytes, mask, records.Length, planes);
        return (headBytes, BitOperations.PopCount(mask) * records.Length);
    }

    /// <summary>Bytes of the head that begins with this mask.</summary>
    public static int HeadBytesOf(ulong mask) => FixedHeadBytes + JournalFormat.RecordBytes - BitOperations.PopCount(mask);

    /// <summary>Makes records of planes.</summary>
    /// <param name="head">The head, whole.</param>
    /// <param name="planes">The planes, whole.</param>
    /// <param name="records">As many as there were.</param>
    public static void Unpack(ReadOnlySpan<byte> head, ReadOnlySpan<byte> planes, Span<AcceptedEvent> records)
    {
        ulong mask = BinaryPrimitives.ReadUInt64LittleEndian(head);
        AcceptedEvent constants = default;
        Span<byte> constantBytes = MemoryMarshal.AsBytes(new Span<AcceptedEvent>(ref constants));
        int next = FixedHeadBytes;
        for (int plane = 0; plane < JournalFormat.RecordBytes; plane++)
        {
            if ((mask >> plane & 1) == 0)
            {
                constantBytes[plane] = head[next++];
            }
        }

        records.Fill(constants);
        Scatter(planes, mask, records.Length, MemoryMarshal.AsBytes(records));
        UnfoldTimes(MemoryMarshal.Cast<AcceptedEvent, ulong>(records), BinaryPrimitives.ReadInt64LittleEndian(head[FirstTimeAt..]));
    }

    private static void FoldTimes(Span<ulong> words)
    {
        unchecked
        {
            long before = (long)words[1];
            for (int at = 0; at < words.Length; at += WordsInRecord)
            {
                long occurred = (long)words[at];
                long received = (long)words[at + 1];
                words[at] = Fold(received - occurred);
                words[at + 1] = Fold(received - before);
                before = received;
            }
        }
    }

    private static void UnfoldTimes(Span<ulong> words, long first)
    {
        unchecked
        {
            long received = first;
            for (int at = 0; at < words.Length; at += WordsInRecord)
            {
                received += Unfold(words[at + 1]);
                words[at + 1] = (ulong)received;
                words[at] = (ulong)(received - Unfold(words[at]));
            }
        }
    }

    private static ulong Fold(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    private static long Unfold(ulong folded) => unchecked((long)(folded >> 1) ^ -(long)(folded & 1));

    private static void Gather(ReadOnlySpan<byte> records, ulong mask, int count, Span<byte> planes)
    {
        for (int from = 0; from < count; from += Tile)
        {
            int tile = Math.Min(Tile, count - from);
            int start = from;
            for (ulong left = mask; left != 0; left &= left - 1)
            {
                ref byte source = ref Unsafe.Add(ref MemoryMarshal.GetReference(records), (from * JournalFormat.RecordBytes) + BitOperations.TrailingZeroCount(left));
                Span<byte> plane = planes.Slice(start, tile);
                for (int i = 0; i < plane.Length; i++)
                {
                    plane[i] = Unsafe.Add(ref source, i * JournalFormat.RecordBytes);
                }

                start += count;
            }
        }
    }

    private static void Scatter(ReadOnlySpan<byte> planes, ulong mask, int count, Span<byte> records)
    {
        for (int from = 0; from < count; from += Tile)
        {
            int tile = Math.Min(Tile, count - from);
            int start = from;
            for (ulong left = mask; left != 0; left &= left - 1)
            {
                ref byte target = ref Unsafe.Add(ref MemoryMarshal.GetReference(records), (from * JournalFormat.RecordBytes) + BitOperations.TrailingZeroCount(left));
                ReadOnlySpan<byte> plane = planes.Slice(start, tile);
                for (int i = 0; i < plane.Length; i++)
                {
                    Unsafe.Add(ref target, i * JournalFormat.RecordBytes) = plane[i];
                }

                start += count;
            }
        }
    }
}
