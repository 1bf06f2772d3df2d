using System.Buffers.Binary;
using System.Numerics;

namespace PricingCore.Numerics;

/// <summary>CRC-32C (Castagnoli): finds flipped bits in what is stored. It keeps nobody from changing it on purpose.</summary>
/// <remarks>Polynomial 0x1EDC6F41, reflected, start and end inverted: the CRC of iSCSI, ext4 and Snappy. One instruction for eight bytes on x64 and ARM64.</remarks>
/// <threadsafety>Immutable.</threadsafety>
internal static class Crc32C
{
    /// <summary>The CRC of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
