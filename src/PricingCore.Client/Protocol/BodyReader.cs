using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace PricingCore.Protocol;

/// <summary>Reads the values of a body one after the other. Never throws, whatever the bytes; allocates nothing but texts, which are no longer than what was sent.</summary>
/// <param name="body">The bytes.</param>
/// <threadsafety>One thread.</threadsafety>
public ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Takes so many bytes, in place.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count < 0 || count > _rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    /// <summary>Reads a byte.</summary>
    public bool TryRead(out byte value)
    {
        bool isThere = TryReadBytes(sizeof(byte), out ReadOnlySpan<byte> bytes);
        value = isThere ? bytes[0] : default;
        return isThere;
    }

    /// <summary>Reads two bytes, little-endian.</summary>
    public bool TryRead(out ushort value)
    {
        bool isThere = TryReadBytes(sizeof(ushort), out ReadOnlySpan<byte> bytes);
        value = isThere ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : default;
        return isThere;
    }

    /// <summary>Reads four bytes, little-endian.</summary>
    public bool TryRead(out int value)
    {
        bool isThere = TryReadBytes(sizeof(int), out ReadOnlySpan<byte> bytes);
        value = isThere ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : default;
        return isThere;
    }

    /// <summary>Reads eight bytes, little-endian.</summary>
    public bool TryRead(out long value)
    {
        bool isThere = TryReadBytes(sizeof(long), out ReadOnlySpan<byte> bytes);
        value = isThere ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : default;
        return isThere;
    }

    /// <summary>Reads a number of 32 bits, little-endian.</summary>
    public bool TryRead(out float value)
    {
        bool isThere = TryReadBytes(sizeof(float), out ReadOnlySpan<byte> bytes);
        value = isThere ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : default;
        return isThere;
    }

    /// <summary>Reads a text: two bytes of length, then UTF-8.</summary>
    /// <param name="maxChars">The most UTF-16 units.</param>
    /// <param name="text">The text; empty when it is not one.</param>
    /// <returns><see langword="false"/> when bytes are missing, it is not UTF-8, or it is too long.</returns>
    public bool TryReadText(int maxChars, out string text)
    {
        text = "";
        if (!TryRead(out ushort length) || length > 3 * maxChars || !TryReadBytes(length, out ReadOnlySpan<byte> utf8)
            || !Utf8.IsValid(utf8) || Encoding.UTF8.GetCharCount(utf8) > maxChars)
        {
            return false;
        }

        text = Encoding.UTF8.GetString(utf8);
        return true;
    }
}
