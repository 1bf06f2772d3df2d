using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PricingCore.Audit;

/// <summary>Writes the body of a record, little-endian; <see cref="RecordReader"/> reads it back.</summary>
/// <remarks>The span must have room: the callers' records have bounds. Numbers are varints where most are small.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal ref struct RecordWriter(Span<byte> bytes)
{
    private const int HexDigitsOf16Bytes = 32;
    private const int DigitsOfGuid = 36;

    private readonly Span<byte> _bytes = bytes;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Where the next byte goes.</summary>
    public readonly Span<byte> Rest => _bytes[Length..];

    /// <summary>Says that bytes were written to <see cref="Rest"/>.</summary>
    public void Advance(int count) => Length += count;

    public void Write<T>(T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(_bytes[Length..], value);
        Length += Unsafe.SizeOf<T>();
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes[Length++] = (byte)((value & 0x7f) | 0x80);
        }

        _bytes[Length++] = (byte)value;
    }

    /// <summary>A number that may be negative, as a varint.</summary>
    public void WriteSigned(long value) => WriteVarint(unchecked((ulong)((value << 1) ^ (value >> 63))));

    /// <summary>A text: how it is packed, then its bytes. Ids of 32 small hexadecimal digits and GUIDs take 16 bytes.</summary>
    public void WriteText(scoped ReadOnlySpan<char> text)
    {
        if (text.Length == HexDigitsOf16Bytes && TryPackHex(text, _bytes.Slice(Length + 1, 16)))
        {
            _bytes[Length] = TextForm.Hex;
            Length += 17;
        }
        else if (text.Length == DigitsOfGuid && TryPackGuid(text, _bytes.Slice(Length + 1, 16)))
        {
            _bytes[Length] = TextForm.Guid;
            Length += 17;
        }
        else
        {
            text = TextForm.Cut(text);
            int count = Encoding.UTF8.GetByteCount(text);
            WriteVarint((ulong)count + TextForm.Plain);
            Length += Encoding.UTF8.GetBytes(text, _bytes[Length..]);
        }
    }

    private static bool TryPackGuid(ReadOnlySpan<char> text, Span<byte> packed)
    {
        Span<char> digits = stackalloc char[HexDigitsOf16Bytes];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23)
            {
                if (text[i] != '-')
                {
                    return false;
                }
            }
            else
            {
                digits[count++] = text[i];
            }
        }

        return TryPackHex(digits, packed);
    }

    private static bool TryPackHex(ReadOnlySpan<char> digits, Span<byte> packed)
    {
        for (int i = 0; i < packed.Length; i++)
        {
            int high = DigitOf(digits[2 * i]);
            int low = DigitOf(digits[(2 * i) + 1]);
            if ((high | low) < 0)
            {
                return false;
            }

            packed[i] = (byte)((high << 4) | low);
        }

        return true;
    }

    // Small letters only: a capital would come back small.
    private static int DigitOf(char c) => c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
}
