using System.Buffers.Binary;
using PricingCore.Journal;
using PricingCore.Numerics;

namespace PricingCore.StressTests.Journal;

/// <summary>Changes a segment as no disk would, sometimes with the CRCs made right again, so that what lies behind them is reached.</summary>
internal static class SegmentMutation
{
    private static readonly int[] Extremes = [0, 1, -1, int.MaxValue, int.MinValue, 1_024, 1_025, JournalFormat.MaxNoteBytes, JournalFormat.MaxNoteBytes + 1, 48, 64, 65_536];

    /// <summary>A changed copy.</summary>
    /// <param name="right">What to change.</param>
    /// <param name="random">Where from.</param>
    /// <param name="isSealed">Whether CRCs were made right again.</param>
    public static byte[] Of(byte[] right, Random random, out bool isSealed)
    {
        byte[] bytes = [.. right];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            bytes = Change(bytes, right, random);
        }

        isSealed = random.Next(2) == 0;
        if (isSealed)
        {
            Seal(bytes);
        }

        return bytes;
    }

    private static byte[] Change(byte[] bytes, byte[] right, Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                bytes.AsSpan(at, random.Next(Math.Min(100, bytes.Length - at))).Clear();
                return bytes;
            case 3:
                return bytes[..Math.Max(1, at)];
            case 4:
                return [.. bytes.AsSpan(0, at), .. right.AsSpan(random.Next(right.Length / 2), random.Next(right.Length / 2)), .. bytes.AsSpan(at)];
            case 5:
                int end = at + random.Next(bytes.Length - at);
                return end - at == bytes.Length ? bytes : [.. bytes.AsSpan(0, at), .. bytes.AsSpan(end)];
            default:
                // A number in the header of a segment or a block.
                int block = bytes.AsSpan(at).IndexOf(BlockHeader.Magic);
                int field = (block < 0 ? 0 : at + block) + (4 * random.Next(2, 12));
                if (field + sizeof(int) <= bytes.Length)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(field), unchecked(Extremes[random.Next(Extremes.Length)] + random.Next(-1, 1)));
                }

                return bytes;
        }
    }

    private static void Seal(byte[] bytes)
    {
        if (bytes.Length >= SegmentHeader.Size)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));
        }

        int at = SegmentHeader.Size;
        while (bytes.Length - at >= BlockHeader.Size && BlockHeader.Read(bytes.AsSpan(at), out BlockHeader header) is null && header.BlockBytes <= bytes.Length - at)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 4), Crc32C.Of(bytes.AsSpan(at + 8, header.BlockBytes - 8)));
            at += header.BlockBytes;
        }
    }
}
