using System.Security.Cryptography;
using PricingCore.Audit;

namespace PricingCore.Tests.Audit;

/// <summary>The keys and leaves of a segment that is still written, over several blocks.</summary>
public sealed class KeyListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_191)]
    [InlineData(8_192)]
    [InlineData(8_193)]
    [InlineData(30_000)]
    public void Find_GivesTheNewestFirst_WhereverTheyLie(int count)
    {
        const int Distinct = 5_000; // Some have one place, some up to six, in several blocks.
        var list = new KeyList();
        var expected = new List<uint>[Distinct];
        for (int i = 0; i < count; i++)
        {
            list.Add((ulong)(i % Distinct), (uint)i);
            (expected[i % Distinct] ??= []).Add((uint)i);
        }

        Assert.Equal(count, list.Count);
        Span<uint> offsets = stackalloc uint[4];
        for (int key = 0; key < Distinct; key += 7)
        {
            int found = list.Find((ulong)key, offsets);
            Assert.Equal((expected[key] ?? []).AsEnumerable().Reverse().Take(4), offsets[..found].ToArray());
        }

        Assert.Equal(0, list.Find(ulong.MaxValue, offsets));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public void ToSorted_HasEveryEntry_ByKeyThenOffset(int count)
    {
        var list = new KeyList();
        var expected = new List<(ulong Key, uint Offset)>();
        for (int i = 0; i < count; i++)
        {
            ulong key = (ulong)(i * 2_654_435_761L % 6_007);
            list.Add(key, (uint)(i * 10));
            expected.Add((key, (uint)(i * 10)));
        }

        using SortedKeys sorted = list.ToSorted();
        Assert.Equal(expected.Order(), sorted.Keys.ToArray().Zip(sorted.Offsets.ToArray()));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(16_383, 1)]
    [InlineData(16_384, 2)]
    [InlineData(40_000, 3)]
    public void Leaves_StandAsTheyCame_InBlocksOfAFrame(int count, int blocks)
    {
        var leaves = new LeafList();
        using var all = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            byte[] hash = SHA256.HashData(BitConverter.GetBytes(i));
            leaves.Add(hash);
            all.Write(hash, 0, 8);
        }

        Assert.Equal(blocks, leaves.Blocks.Count());
        Assert.All(leaves.Blocks, block => Assert.InRange(block.Length, 8, AuditFormat.MaxPayloadBytes - 2));
        Assert.Equal(all.ToArray(), leaves.Blocks.SelectMany(block => block.ToArray()).ToArray());
        Assert.Equal(SHA256.HashData(all.ToArray()), leaves.Hash());
    }
}
