using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PricingCore.Numerics;

/// <summary>SipHash-2-4: a short keyed hash that outsiders cannot aim at a bucket or turn back into an id.</summary>
/// <remarks>
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with the 128-bit output of the reference code.
/// Text is hashed as its UTF-16 little-endian bytes, which needs no transcoding.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal readonly struct SipHash
{
    private const ulong Start0 = 0x736f6d6570736575;
    private const ulong Start1 = 0x646f72616e646f6d;
    private const ulong Start2 = 0x6c7967656e657261;
    private const ulong Start3 = 0x7465646279746573;

    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <param name="key">16 bytes.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, 16, nameof(key));
        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    /// <summary>The key of hashes that are stable names and not secrets: shards, decision ids, experiment arms.</summary>
    public static SipHash Public { get; } = new("PricingCore.Ids1"u8);

    /// <summary>64 bits of text.</summary>
    public ulong Hash64(ReadOnlySpan<char> text) => Hash64(MemoryMarshal.AsBytes(text));

    /// <summary>128 bits of text, salted with a number.</summary>
    public (ulong Low, ulong High) Hash128(ReadOnlySpan<char> text, ulong salt) => Hash128(MemoryMarshal.AsBytes(text), salt);

    /// <summary>64 bits of some bytes.</summary>
    // Not inlined: inside a larger method the four words of state no longer fit in registers (25 to 125 ns for 13 characters).
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Hash64(ReadOnlySpan<byte> bytes)
    {
        (ulong v0, ulong v1, ulong v2, ulong v3) = (_key0 ^ Start0, _key1 ^ Start1, _key0 ^ Start2, _key1 ^ Start3);
        Absorb(bytes, ref v0, ref v1, ref v2, ref v3);
        return Finish(0xff, ref v0, ref v1, ref v2, ref v3);
    }

    /// <summary>128 bits of some bytes, salted with a number; salt 0 is plain SipHash-2-4-128.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public (ulong Low, ulong High) Hash128(ReadOnlySpan<byte> bytes, ulong salt = 0)
    {
        ulong key0 = _key0 ^ salt;
        (ulong v0, ulong v1, ulong v2, ulong v3) = (key0 ^ Start0, _key1 ^ Start1 ^ 0xee, key0 ^ Start2, _key1 ^ Start3);
        Absorb(bytes, ref v0, ref v1, ref v2, ref v3);
        ulong low = Finish(0xee, ref v0, ref v1, ref v2, ref v3);
        v1 ^= 0xdd;
        return (low, Finish(0, ref v0, ref v1, ref v2, ref v3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Absorb(ReadOnlySpan<byte> bytes, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        ulong last = (ulong)(byte)(bytes.Length & 0xff) << 56;
        while (bytes.Length >= sizeof(ulong))
        {
            AbsorbWord(BinaryPrimitives.ReadUInt64LittleEndian(bytes), ref v0, ref v1, ref v2, ref v3);
            bytes = bytes[sizeof(ulong)..];
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            last |= (ulong)bytes[i] << (8 * i);
        }

        AbsorbWord(last, ref v0, ref v1, ref v2, ref v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AbsorbWord(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Finish(ulong marker, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v2 ^= marker;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
