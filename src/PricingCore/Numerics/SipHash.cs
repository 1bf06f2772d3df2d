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
    public ulong Hash64(ReadOnlySpan<byte> bytes)
    {
        var state = new State(_key0, _key1);
        state.Absorb(bytes);
        return state.Finish(0xff);
    }

    /// <summary>128 bits of some bytes, salted with a number; salt 0 is plain SipHash-2-4-128.</summary>
    public (ulong Low, ulong High) Hash128(ReadOnlySpan<byte> bytes, ulong salt = 0)
    {
        var state = new State(_key0 ^ salt, _key1);
        state.WidenTo128();
        state.Absorb(bytes);
        ulong low = state.Finish(0xee);
        return (low, state.FinishSecondHalf());
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = key0 ^ 0x736f6d6570736575;
        private ulong _v1 = key1 ^ 0x646f72616e646f6d;
        private ulong _v2 = key0 ^ 0x6c7967656e657261;
        private ulong _v3 = key1 ^ 0x7465646279746573;

        public void WidenTo128() => _v1 ^= 0xee;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Absorb(ReadOnlySpan<byte> bytes)
        {
            int length = bytes.Length;
            while (bytes.Length >= sizeof(ulong))
            {
                AbsorbWord(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
                bytes = bytes[sizeof(ulong)..];
            }

            ulong last = (ulong)(byte)(length & 0xff) << 56;
            for (int i = 0; i < bytes.Length; i++)
            {
                last |= (ulong)bytes[i] << (8 * i);
            }

            AbsorbWord(last);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Finish(ulong marker)
        {
            _v2 ^= marker;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        public ulong FinishSecondHalf()
        {
            _v1 ^= 0xdd;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void AbsorbWord(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // In the gate: from 75 to 33 ns for 13 characters.
        private void Round()
        {
            unchecked
            {
                _v0 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 += _v3;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 += _v1;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
