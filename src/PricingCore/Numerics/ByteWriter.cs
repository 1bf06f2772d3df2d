using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace PricingCore.Numerics;

/// <summary>Writes values one after the other into a span, little-endian; <see cref="ByteReader"/> reads them back.</summary>
/// <threadsafety>One thread.</threadsafety>
internal ref struct ByteWriter(Span<byte> bytes)
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxTextLength = 64;

    /// <summary>The most bytes that a text takes: its length, and three bytes for each unit.</summary>
    public const int MaxTextBytes = 1 + (3 * MaxTextLength);

    /// <summary>In place of a length: UTF-16 units follow, since the text has half a surrogate pair and so no UTF-8.</summary>
    internal const byte IllFormed = byte.MaxValue;

    private readonly Span<byte> _bytes = bytes;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Writes a value; the span must have room.</summary>
    public void Write<T>(T value)
        where T : unmanaged =>
        MemoryMarshal.Write(Next(Unsafe.SizeOf<T>()), value);

    /// <summary>Writes a text: one byte of length, then UTF-8. Any text comes back as it was, also one that is not legal Unicode.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="MaxTextLength"/>.</exception>
    public void WriteText(string text)
    {
        if (text.Length > MaxTextLength)
        {
            throw new ArgumentException($"The text '{text}' has {text.Length} characters; at most {MaxTextLength} can be written.", nameof(text));
        }

        Span<byte> room = _bytes[(Length + 1)..];
        if (Utf8.FromUtf16(text, room, out _, out int count, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done)
        {
            Write((byte)count);
            Length += count;
            return;
        }

        Write(IllFormed);
        Write((byte)text.Length);
        MemoryMarshal.AsBytes(text.AsSpan()).CopyTo(Next(2 * text.Length));
    }

    private Span<byte> Next(int count)
    {
        Span<byte> next = _bytes.Slice(Length, count);
        Length += count;
        return next;
    }
}
