using PricingCore.Audit;
using PricingCore.Storage;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: an index has every entry where a look-up seeks it, and differs from what it should be wherever a bit or its length does.
/// Method: lists of lengths around those of a page, read back key by key; files cut, lengthened and with a bit flipped.
/// </summary>
public sealed class IndexFileTests
{
    private const int PageBytes = 4_096;
    private static readonly SegmentTrailer Trailer = new(7, 3, new byte[32], new byte[32], new byte[32], 1, 2, [5]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(340, 2)]
    [InlineData(341, 3)]
    [InlineData(20_000, 60)]
    public void WrittenIndex_HasEveryEntry_InWholePages(int count, int pages)
    {
        KeyList keys = KeysOf(count);
        (MemoryFiles files, string path) = Write(keys);
        using IStoredFile file = files.Open(path);

        Assert.Equal(pages * PageBytes, file.Length);
        Assert.Equal(file.Length, IndexFile.BytesOf(count));
        Span<uint> found = stackalloc uint[4];
        Span<uint> expected = stackalloc uint[4];
        for (int i = 0; i < count; i++)
        {
            int many = keys.Find(KeyOf(i), expected);
            Assert.Equal(many, IndexFile.Find(file, 7, KeyOf(i), found));
            Assert.True(expected[..many].SequenceEqual(found[..many]));
        }

        Assert.Equal(0, IndexFile.Find(file, 7, 3, found));
        Assert.Equal(-1, IndexFile.Find(file, 8, KeyOf(0), found)); // Of another segment.
    }

    [Fact]
    public void FirstDifference_IsWhereAFileDiffers_AndNowhereInAWholeOne()
    {
        KeyList keys = KeysOf(1_000);
        (MemoryFiles files, string path) = Write(keys);
        byte[] whole = [.. files[path]];

        Assert.Equal(-1, DifferenceIn(whole));
        Assert.Equal(0, DifferenceIn([]));
        Assert.Equal(whole.Length - 1, DifferenceIn(whole[..^1]));
        Assert.Equal(2 * PageBytes, DifferenceIn(whole[..(2 * PageBytes)]));
        Assert.Equal(whole.Length, DifferenceIn([.. whole, 0]));
        for (int at = 0; at < whole.Length; at += 251)
        {
            whole[at] ^= 16;
            Assert.Equal(at, DifferenceIn(whole));
            whole[at] ^= 16;
        }

        long DifferenceIn(byte[] bytes)
        {
            files[path] = bytes;
            using IStoredFile file = files.Open(path);
            using SortedKeys entries = keys.ToSorted();
            return IndexFile.FirstDifference(file, Trailer, entries);
        }
    }

    private static (MemoryFiles Files, string Path) Write(KeyList keys)
    {
        var files = new MemoryFiles();
        var segments = new SegmentFiles(files, AuditSamples.Folder);
        segments.WriteIndex(Trailer, keys);
        return (files, segments.IndexPathOf(Trailer.Segment));
    }

    private static KeyList KeysOf(int count)
    {
        var keys = new KeyList();
        for (int i = 0; i < count; i++)
        {
            keys.Add(KeyOf(i), (uint)(i * 10));
        }

        return keys;
    }

    /// <summary>Spread over all keys, as hashes are; each third one twice.</summary>
    private static ulong KeyOf(int i) => unchecked((ulong)(i % 3 == 2 ? i - 1 : i) * 0x9E37_79B9_7F4A_7C15);
}
