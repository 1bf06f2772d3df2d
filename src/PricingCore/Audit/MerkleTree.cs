using System.Numerics;
using System.Security.Cryptography;

namespace PricingCore.Audit;

/// <summary>The Merkle tree over the records of a segment, grown leaf by leaf; only the roots of its complete subtrees are kept.</summary>
/// <remarks>
/// The tree of RFC 6962 (Certificate Transparency): a leaf is the SHA-256 of byte 0 and the record, a node that of byte 1 and its two
/// children, and a tree of n leaves has the largest power of two below n on its left.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class MerkleTree
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    private const byte Node = 1;
    private const int MaxHeight = 32;

    // The root of the complete subtree of 2^i leaves, for each bit i of the count.
    private readonly byte[] _subtrees = new byte[MaxHeight * HashBytes];
    private readonly byte[] _node = new byte[1 + (2 * HashBytes)];

    /// <summary>Leaves so far.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all leaves.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds the hash of a leaf; the span is written over.</summary>
    public void Add(Span<byte> hash)
    {
        int height = 0;
        for (; (Count & (1 << height)) != 0; height++)
        {
            Join(Subtree(height), hash, hash);
        }

        hash.CopyTo(Subtree(height));
        Count++;
    }

    /// <summary>The root over the records so far, as text; over none, the hash of the segment's header, with which the first mark begins the tree.</summary>
    public string RootText(SegmentHeader? header)
    {
        Span<byte> root = stackalloc byte[HashBytes];
        ReadRoot(root);
        return Convert.ToHexStringLower(Count == 0 && header is not null ? SHA256.HashData(header.ToBytes()) : root);
    }

    /// <summary>Writes the root over all leaves so far; that of no leaves is the hash of nothing.</summary>
    public void ReadRoot(Span<byte> root)
    {
        if (Count == 0)
        {
            SHA256.HashData([], root);
            return;
        }

        int height = BitOperations.TrailingZeroCount(Count);
        Subtree(height).CopyTo(root);
        for (height++; Count >> height != 0; height++)
        {
            if ((Count & (1 << height)) != 0)
            {
                Join(Subtree(height), root, root);
            }
        }
    }

    /// <summary>The hash of a leaf.</summary>
    public static void HashLeaf(ReadOnlySpan<byte> payload, Span<byte> hash) => SHA256.HashData(payload, hash);

    /// <summary>The siblings of a leaf from the bottom up, by which its root can be computed from it.</summary>
    /// <param name="leaves">The hashes of all leaves, one after the other.</param>
    /// <param name="index">Which leaf; 0 is the first.</param>
    public static IReadOnlyList<byte[]> PathOf(ReadOnlySpan<byte> leaves, int index)
    {
        var path = new List<byte[]>();
        int count = leaves.Length / HashBytes;
        while (count > 1)
        {
            // From the top: the sibling is the other half, and the leaf's own half goes on.
            int left = 1 << (31 - BitOperations.LeadingZeroCount((uint)(count - 1)));
            bool isLeft = index < left;
            ReadOnlySpan<byte> other = isLeft ? leaves[(left * HashBytes)..] : leaves[..(left * HashBytes)];
            path.Add(RootOf(other));
            leaves = isLeft ? leaves[..(left * HashBytes)] : leaves[(left * HashBytes)..];
            index = isLeft ? index : index - left;
            count = isLeft ? left : count - left;
        }

        path.Reverse();
        return path;
    }

    /// <summary>The root over hashes of leaves that stand one after the other.</summary>
    public static byte[] RootOf(ReadOnlySpan<byte> leaves)
    {
        var tree = new MerkleTree();
        Span<byte> hash = stackalloc byte[HashBytes];
        for (; !leaves.IsEmpty; leaves = leaves[HashBytes..])
        {
            leaves[..HashBytes].CopyTo(hash);
            tree.Add(hash);
        }

        byte[] root = new byte[HashBytes];
        tree.ReadRoot(root);
        return root;
    }

    private Span<byte> Subtree(int height) => _subtrees.AsSpan(height * HashBytes, HashBytes);

    private void Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> into)
    {
        _node[0] = Node;
        left.CopyTo(_node.AsSpan(1));
        right.CopyTo(_node.AsSpan(1 + HashBytes));
        SHA256.HashData(_node, into);
    }
}
