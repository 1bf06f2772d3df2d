using System.Buffers.Binary;

namespace PricingCore.Protocol;

/// <summary>A subscribed price that has changed: 56 bytes.</summary>
/// <param name="Lane">Its place in the subscription.</param>
/// <param name="Price">The price now, or why there is none.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct ChangeEntry(int Lane, PriceEntry Price)
{
    /// <summary>Bytes of an entry: 56.</summary>
    public const int Size = 8 + PriceEntry.Size;

    /// <summary>Reads an entry; any bytes are one.</summary>
    /// <param name="bytes">At least <see cref="Size"/>.</param>
    public static ChangeEntry Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt32LittleEndian(bytes), PriceEntry.Read(bytes[8..]));

    /// <summary>Writes the entry.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, Lane);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], 0);
        Price.Write(destination[8..]);
    }
}
