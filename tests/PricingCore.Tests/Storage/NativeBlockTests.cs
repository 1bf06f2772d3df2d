using PricingCore.Snapshots;
using PricingCore.Storage;

namespace PricingCore.Tests.Storage;

/// <summary>Memory outside the heap: as long as asked for, empty at first, and refused once it was given back.</summary>
public sealed class NativeBlockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4_097)]
    [InlineData(1 << 20)]
    public void Block_IsAsLongAsAskedFor_AndEmpty(int length)
    {
        using var block = new NativeBlock(length);

        Assert.Equal(length, block.Memory.Length);
        Assert.False(block.Memory.Span.ContainsAnyExcept((byte)0));
        block.Memory.Span[^1] = 7;
        Assert.Equal(7, block.GetSpan()[length - 1]);
        using System.Buffers.MemoryHandle pinned = block.Memory.Pin();
    }

    [Fact]
    public void Block_AfterItWasGivenBack_Throws_AndCanBeGivenBackAgain()
    {
        var block = new NativeBlock(16);
        Memory<byte> memory = block.Memory;
        Dispose(block);
        Dispose(block);

        Assert.Throws<ObjectDisposedException>(() => block.GetSpan().Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
    }

    [Fact]
    public void Writer_AfterItWasGivenBack_Throws()
    {
        var writer = new StateWriter(10_000, blockBytes: 4_096);
        writer.Write(new byte[9_000]);
        Assert.Equal(9_000, writer.Blocks.Sum(block => block.Length));
        writer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => writer.Write(1));
        Assert.Throws<ObjectDisposedException>(() => writer.Blocks.ToList());
    }

    private static void Dispose(IDisposable block) => block.Dispose();
}
