using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PricingCore.Cli.Report;

/// <summary>HTML under construction that data cannot break out of.</summary>
/// <remarks>
/// Text is added as an interpolated string only: what stands between the holes is markup, and whatever fills a hole is encoded,
/// numbers as invariant text with at most two decimals. There is no way to add a plain string, so none is forgotten.
/// The result is well-formed XML as well as HTML: every element is closed, and characters that XML forbids become U+FFFD.
/// </remarks>
/// <threadsafety>Not thread-safe.</threadsafety>
internal sealed class Markup
{
    private static readonly SearchValues<char> Special = SearchValues.Create(SpecialCharacters());

    private readonly StringBuilder _text = new();

    /// <summary>Adds markup whose holes are encoded.</summary>
    public Markup Add([InterpolatedStringHandlerArgument("")] ref MarkupText text)
    {
        _ = text;
        return this;
    }

    /// <summary>What was added so far.</summary>
    public override string ToString() => _text.ToString();

    private void AppendEncoded(ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(Special) is int at and >= 0)
        {
            _text.Append(value[..at]);
            int taken = 1;
            switch (value[at])
            {
                case '<': _text.Append("&lt;"); break;
                case '>': _text.Append("&gt;"); break;
                case '&': _text.Append("&amp;"); break;
                case '"': _text.Append("&quot;"); break;
                case '\'': _text.Append("&#39;"); break;
                case char high when char.IsHighSurrogate(high) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]):
                    _text.Append(value.Slice(at, 2));
                    taken = 2;
                    break;
                default: _text.Append('\uFFFD'); break; // A control character, or half of a surrogate pair.
            }

            value = value[(at + taken)..];
        }

        _text.Append(value);
    }

    private static string SpecialCharacters()
    {
        StringBuilder special = new("<>&\"'\uFFFE\uFFFF");
        for (char c = '\0'; c < ' '; c++)
        {
            if (c is not ('\t' or '\n'))
            {
                special.Append(c);
            }
        }

        for (int c = 0x7F; c <= 0x9F; c++)
        {
            special.Append((char)c);
        }

        for (int c = 0xD800; c <= 0xDFFF; c++)
        {
            special.Append((char)c);
        }

        return special.ToString();
    }

    /// <summary>Takes an interpolated string apart: markup as it is, holes encoded.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct MarkupText
    {
        private readonly Markup _markup;

        public MarkupText(int literalLength, int formattedCount, Markup markup)
        {
            _ = literalLength + formattedCount;
            _markup = markup;
        }

        public void AppendLiteral(string markup) => _markup._text.Append(markup);

        public void AppendFormatted(string? value) => _markup.AppendEncoded(value);

        public void AppendFormatted(Markup value) => _markup._text.Append(value._text);

        public void AppendFormatted(int value) => _markup._text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(double value) => _markup._text.Append(CultureInfo.InvariantCulture, $"{value:0.##}");
    }
}
