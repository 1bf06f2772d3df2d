using System.Buffers.Binary;
using PricingCore.Numerics;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>The index of a closed segment: (key, offset) pairs in order, in pages of 4 KiB that each have a CRC.</summary>
/// <remarks>
/// A look-up reads the header and a few pages, found by where the key should stand among evenly spread ones. What is found is compared
/// with the record itself, so a wrong index can hide a record and never show a wrong one; a damaged one is made again from the segment.
/// </remarks>
internal static class IndexFile
{
    private const int PageBytes = 4_096;
    private const int PageHeadBytes = 2 * sizeof(uint);
    private const int EntryBytes = sizeof(ulong) + sizeof(uint);
    private const int EntriesPerPage = (PageBytes - PageHeadBytes) / EntryBytes;
    private const int InterpolatedProbes = 6;

    private static ReadOnlySpan<byte> Magic => "PCAUDIX1"u8;

    /// <summary>How long the file of so many entries is.</summary>
    public static long BytesOf(int entries) => (1L + PageCount(entries)) * PageBytes;

    /// <summary>Writes the whole file, a page after the other.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static void Write(IStoredFile file, SegmentTrailer trailer, SortedKeys entries)
    {
        Span<byte> page = stackalloc byte[PageBytes];
        for (int number = 0; number <= PageCount(entries.Keys.Length); number++)
        {
            FillPage(number, trailer, entries, page);
            file.Write((long)number * PageBytes, page);
        }
    }

    /// <summary>Where a file differs from what <see cref="Write"/> would write; -1 when it does not.</summary>
    public static long FirstDifference(IStoredFile file, SegmentTrailer trailer, SortedKeys entries)
    {
        Span<byte> right = stackalloc byte[PageBytes];
        Span<byte> there = stackalloc byte[PageBytes];
        int pages = PageCount(entries.Keys.Length);
        for (int number = 0; number <= pages; number++)
        {
            FillPage(number, trailer, entries, right);
            int read = file.Read((long)number * PageBytes, there);
            int same = right.CommonPrefixLength(there[..read]);
            if (same < PageBytes)
            {
                return ((long)number * PageBytes) + same;
            }
        }

        return file.Length == BytesOf(entries.Keys.Length) ? -1 : BytesOf(entries.Keys.Length);
    }

    /// <summary>The offsets of the newest records with a key, newest first.</summary>
    /// <param name="file">The index.</param>
    /// <param name="segment">The segment it must be of.</param>
    /// <param name="key">The key.</param>
    /// <param name="offsets">Room for what is found.</param>
    /// <returns>How many; -1 when the index is damaged or of another segment.</returns>
    public static int Find(IStoredFile file, int segment, ulong key, Span<uint> offsets)
    {
        Span<byte> page = stackalloc byte[PageBytes];
        if (!TryReadPage(file, 0, page, out _)
            || !page[PageHeadBytes..].StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(page[16..]) != segment)
        {
            return -1;
        }

        int entries = BinaryPrimitives.ReadInt32LittleEndian(page[20..]);
        if (entries < 0 || file.Length != BytesOf(entries))
        {
            return -1;
        }

        int pages = PageCount(entries);

        // The last page whose first key is not beyond the key; keys are spread evenly, so the first guess is rarely more than a page off.
        (int low, int high) = (0, pages - 1);
        int guess = PagesOf(key, pages);
        for (int probe = 0; low < high; probe++)
        {
            int middle = probe < InterpolatedProbes ? Math.Clamp(guess, low + 1, high) : low + ((high - low + 1) / 2);
            if (!TryReadPage(file, 1 + middle, page, out _))
            {
                return -1;
            }

            ulong first = KeyAt(page, 0);
            (low, high) = first <= key ? (middle, high) : (low, middle - 1);
            guess = first <= key ? middle + PagesOf(key - first, pages) : middle - 1 - PagesOf(first - key, pages);
        }

        return pages == 0 ? 0 : Collect(file, low, key, page, offsets);
    }

    /// <summary>Page 0 is the header; the entries follow.</summary>
    private static void FillPage(int number, SegmentTrailer trailer, SortedKeys entries, Span<byte> page)
    {
        page.Clear();
        ReadOnlySpan<ulong> keys = entries.Keys;
        ReadOnlySpan<uint> offsets = entries.Offsets;
        if (number == 0)
        {
            Magic.CopyTo(page[PageHeadBytes..]);
            BinaryPrimitives.WriteInt32LittleEndian(page[16..], trailer.Segment);
            BinaryPrimitives.WriteInt32LittleEndian(page[20..], keys.Length);
            trailer.Hash().CopyTo(page[24..]);
            Seal(page, 0);
            return;
        }

        int first = (number - 1) * EntriesPerPage;
        int count = Math.Min(EntriesPerPage, keys.Length - first);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page[(PageHeadBytes + (i * EntryBytes))..], keys[first + i]);
            BinaryPrimitives.WriteUInt32LittleEndian(page[(PageHeadBytes + (i * EntryBytes) + sizeof(ulong))..], offsets[first + i]);
        }

        Seal(page, count);
    }

    private static int PageCount(int entries) => (int)(((long)entries + EntriesPerPage - 1) / EntriesPerPage);

    private static int Collect(IStoredFile file, int last, ulong key, Span<byte> page, Span<uint> offsets)
    {
        int found = 0;
        for (int at = last; at >= 0 && found < offsets.Length; at--)
        {
            if (!TryReadPage(file, 1 + at, page, out int count) || count == 0)
            {
                return -1;
            }

            int i = count - 1;
            for (; i >= 0 && KeyAt(page, i) > key; i--)
            {
            }

            for (; i >= 0 && KeyAt(page, i) == key && found < offsets.Length; i--)
            {
                offsets[found++] = BinaryPrimitives.ReadUInt32LittleEndian(page[(PageHeadBytes + (i * EntryBytes) + sizeof(ulong))..]);
            }

            if (i >= 0)
            {
                break; // A smaller key: there are no more.
            }
        }

        return found;
    }

    private static int PagesOf(ulong distance, int pages) => (int)(((UInt128)distance * (uint)pages) >> 64);

    private static ulong KeyAt(ReadOnlySpan<byte> page, int entry) => BinaryPrimitives.ReadUInt64LittleEndian(page[(PageHeadBytes + (entry * EntryBytes))..]);

    private static void Seal(Span<byte> page, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(page[sizeof(uint)..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(page, Crc32C.Append(0, page[sizeof(uint)..]));
    }

    private static bool TryReadPage(IStoredFile file, int number, Span<byte> page, out int count)
    {
        bool isWhole = file.Read((long)number * PageBytes, page) == PageBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(page) == Crc32C.Append(0, page[sizeof(uint)..]);
        count = isWhole ? BinaryPrimitives.ReadInt32LittleEndian(page[sizeof(uint)..]) : 0;
        return isWhole && count is >= 0 and <= EntriesPerPage;
    }
}
