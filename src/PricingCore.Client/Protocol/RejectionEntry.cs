using System.Buffers.Binary;
using PricingCore.Events;

namespace PricingCore.Protocol;

/// <summary>Which event of a batch was not taken, and why: 4 bytes. The answer begins with four bytes: how many were taken.</summary>
/// <param name="Index">The place of the event in its batch.</param>
/// <param name="Reason">Why it was not taken.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct RejectionEntry(int Index, Rejection Reason)
{
    /// <summary>Bytes of an entry: 4.</summary>
    public const int Size = 4;

    /// <summary>Reads an entry; any bytes are one.</summary>
    /// <param name="bytes">At least <see cref="Size"/>.</param>
    public static RejectionEntry Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt16LittleEndian(bytes), (Rejection)bytes[2]);

    /// <summary>Writes the entry.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)Index);
        destination[2] = (byte)Reason;
        destination[3] = 0;
    }
}
