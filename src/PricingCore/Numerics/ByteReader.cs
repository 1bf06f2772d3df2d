using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace PricingCore.Numerics;

/// <summary>Reads what a <see cref="ByteWriter"/> wrote, and accepts nothing else: the same values are the same bytes.</summary>
/// <threadsafety>One thread.</threadsafety>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a value. For numbers only: a byte that is neither 0 nor 1 must not become a <see cref="bool"/>.</summary>
    /// <exception cref="InvalidDataException">There is not so much left.</exception>
    public T Read<T>()
        where T : unmanaged =>
        MemoryMarshal.Read<T>(Next(Unsafe.SizeOf<T>()));

    /// <summary>Reads a text.</summary>
    /// <exception cref="InvalidDataException">It is not one that <see cref="ByteWriter.WriteText"/> wrote.</exception>
    public string ReadText()
    {
        byte count = Read<byte>();
        Span<char> text = stackalloc char[3 * ByteWriter.MaxTextLength];
        if (count != ByteWriter.IllFormed)
        {
            return count < ByteWriter.MaxTextBytes
                && Utf8.ToUtf16(Next(count), text, out _, out int length, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done
                && length <= ByteWriter.MaxTextLength
                ? new string(text[..length])
                : throw new InvalidDataException("A text is too long or is not UTF-8.");
        }

        int units = Read<byte>();
        if (units > ByteWriter.MaxTextLength)
        {
            throw new InvalidDataException($"A text has {units} characters; there are at most {ByteWriter.MaxTextLength}.");
        }

        Next(2 * units).CopyTo(MemoryMarshal.AsBytes(text));
        Span<byte> utf8 = stackalloc byte[3 * ByteWriter.MaxTextLength];
        return Utf8.FromUtf16(text[..units], utf8, out _, out _, replaceInvalidSequences: false) == System.Buffers.OperationStatus.InvalidData
            ? new string(text[..units])
            : throw new InvalidDataException("A text that has a UTF-8 form is written in UTF-16.");
    }

    private ReadOnlySpan<byte> Next(int count)
    {
        if (count > _bytes.Length - Position)
        {
            throw new InvalidDataException($"{count} bytes are missing at byte {Position} of {_bytes.Length}.");
        }

        ReadOnlySpan<byte> next = _bytes.Slice(Position, count);
        Position += count;
        return next;
    }
}
