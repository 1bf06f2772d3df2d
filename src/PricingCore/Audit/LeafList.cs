using System.Security.Cryptography;

namespace PricingCore.Audit;

/// <summary>The first 8 bytes of each leaf of a segment, as they stand before its trailer: in blocks, each as much as a frame holds.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class LeafList
{
    private const int LeafBytes = sizeof(ulong);

    /// <summary>The most bytes of a frame's payload behind its first two, in whole leaves.</summary>
    private const int BlockBytes = (AuditFormat.MaxPayloadBytes - 2) / LeafBytes * LeafBytes;

    private readonly List<byte[]> _blocks = [];
    private int _lastBytes = BlockBytes;

    /// <summary>What it holds, in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks => _blocks.Select((block, number) => (ReadOnlyMemory<byte>)block.AsMemory(0, number == _blocks.Count - 1 ? _lastBytes : BlockBytes));

    /// <summary>Adds a leaf.</summary>
    /// <param name="hash">Its hash.</param>
    public void Add(ReadOnlySpan<byte> hash)
    {
        if (_lastBytes == BlockBytes)
        {
            _blocks.Add(new byte[BlockBytes]);
            _lastBytes = 0;
        }

        hash[..LeafBytes].CopyTo(_blocks[^1].AsSpan(_lastBytes));
        _lastBytes += LeafBytes;
    }

    /// <summary>SHA-256 of all it holds.</summary>
    public byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReadOnlyMemory<byte> block in Blocks)
        {
            hash.AppendData(block.Span);
        }

        return hash.GetHashAndReset();
    }
}
