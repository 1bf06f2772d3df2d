using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PricingCore.Audit;

/// <summary>Reads the body of a record that a <see cref="RecordWriter"/> wrote.</summary>
/// <remarks>Never trusts a length: what is not there, or is too long, is an <see cref="InvalidDataException"/>.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private const string Digits = "0123456789abcdef";

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <exception cref="InvalidDataException">There is not so much left.</exception>
    public T Read<T>()
        where T : unmanaged =>
        MemoryMarshal.Read<T>(Next(Unsafe.SizeOf<T>()));

    /// <exception cref="InvalidDataException">There are not so many left.</exception>
    public ReadOnlySpan<byte> Next(int count)
    {
        if (count < 0 || count > _bytes.Length - Position)
        {
            throw new InvalidDataException($"{count} bytes are missing at byte {Position} of {_bytes.Length}.");
        }

        ReadOnlySpan<byte> next = _bytes.Slice(Position, count);
        Position += count;
        return next;
    }

    /// <exception cref="InvalidDataException">It does not end, or is too large.</exception>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte one = Read<byte>();
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"The number at byte {Position} does not end.");
    }

    public long ReadSigned()
    {
        ulong value = ReadVarint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <exception cref="InvalidDataException">It is too long or not there.</exception>
    public string ReadText()
    {
        Span<char> text = stackalloc char[AuditFormat.MaxTextBytes];
        return new string(text[..ReadText(text)]);
    }

    /// <summary>Reads a text into a span of <see cref="AuditFormat.MaxTextBytes"/> characters, without allocating.</summary>
    /// <returns>Its length.</returns>
    /// <exception cref="InvalidDataException">It is too long or not there.</exception>
    public int ReadText(scoped Span<char> text)
    {
        ulong form = ReadVarint();
        if (form is not (TextForm.Hex or TextForm.Guid))
        {
            return form <= AuditFormat.MaxTextBytes + TextForm.Plain
                ? Encoding.UTF8.GetChars(Next((int)form - TextForm.Plain), text)
                : throw new InvalidDataException($"A text of {form} bytes; there are at most {AuditFormat.MaxTextBytes}.");
        }

        ReadOnlySpan<byte> packed = Next(16);
        int length = 0;
        for (int i = 0; i < packed.Length; i++)
        {
            if (form == TextForm.Guid && i is 4 or 6 or 8 or 10)
            {
                text[length++] = '-';
            }

            text[length++] = Digits[packed[i] >> 4];
            text[length++] = Digits[packed[i] & 15];
        }

        return length;
    }

    public void SkipText()
    {
        ulong form = ReadVarint();
        Next(form is TextForm.Hex or TextForm.Guid ? 16
            : form <= AuditFormat.MaxTextBytes + TextForm.Plain ? (int)form - TextForm.Plain
            : throw new InvalidDataException($"A text of {form} bytes; there are at most {AuditFormat.MaxTextBytes}."));
    }
}
