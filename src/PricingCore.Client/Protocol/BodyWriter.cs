using System.Buffers.Binary;
using System.Text;

namespace PricingCore.Protocol;

/// <summary>Writes the values of a body one after the other, little-endian, into a span that is long enough.</summary>
/// <param name="destination">Where to.</param>
/// <threadsafety>One thread.</threadsafety>
public ref struct BodyWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The most bytes that a text takes.</summary>
    public static int MaxTextBytes(string text) => sizeof(ushort) + Encoding.UTF8.GetMaxByteCount(text.Length);

    /// <summary>Writes a byte.</summary>
    public void Write(byte value) => Next(sizeof(byte))[0] = value;

    /// <summary>Writes two bytes.</summary>
    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(sizeof(ushort)), value);

    /// <summary>Writes four bytes.</summary>
    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), value);

    /// <summary>Writes eight bytes.</summary>
    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Next(sizeof(long)), value);

    /// <summary>Writes a number of 32 bits.</summary>
    public void Write(float value) => BinaryPrimitives.WriteSingleLittleEndian(Next(sizeof(float)), value);

    /// <summary>Writes a text: two bytes of length, then UTF-8. Half a surrogate pair becomes U+FFFD.</summary>
    public void WriteText(string text)
    {
        int count = Encoding.UTF8.GetBytes(text, _destination[(Length + sizeof(ushort))..]);
        Write((ushort)count);
        Length += count;
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    private Span<byte> Next(int count)
    {
        Span<byte> next = _destination.Slice(Length, count);
        Length += count;
        return next;
    }
}
