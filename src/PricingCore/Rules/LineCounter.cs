namespace PricingCore.Rules;

/// <summary>Turns byte positions of a UTF-8 text into lines and columns.</summary>
/// <remarks>Positions must not go back, so that a file is counted once.</remarks>
internal sealed class LineCounter(ReadOnlyMemory<byte> utf8)
{
    private const byte NewLine = (byte)'\n';

    private int _position;
    private int _line = 1;
    private int _column = 1;

    /// <summary>The line and the character in it, both from 1.</summary>
    public (int Line, int Column) At(long position)
    {
        ReadOnlySpan<byte> text = utf8.Span;
        for (int end = (int)Math.Min(position, text.Length); _position < end; _position++)
        {
            if (text[_position] == NewLine)
            {
                _line++;
                _column = 1;
            }
            else if ((text[_position] & 0xC0) != 0x80)
            {
                _column++; // A character's continuation bytes are not characters.
            }
        }

        return (_line, _column);
    }
}
