using System.Buffers.Binary;

namespace PricingCore.Protocol;

/// <summary>What one quote of a batch asks for: 16 bytes. Subscriptions use the same, and no base price.</summary>
/// <param name="Region">The number of the region's name.</param>
/// <param name="Product">The number of the product's name.</param>
/// <param name="BaseMinorUnits">The price without surge, in minor units; -1 for the rule's.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct LaneEntry(int Region, int Product, long BaseMinorUnits)
{
    /// <summary>Bytes of an entry: 16.</summary>
    public const int Size = 16;

    /// <summary>Reads an entry; any bytes are one.</summary>
    /// <param name="bytes">At least <see cref="Size"/>.</param>
    public static LaneEntry Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));

    /// <summary>Writes the entry.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, Region);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Product);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], BaseMinorUnits);
    }
}
