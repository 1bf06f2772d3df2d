using System.Text;

namespace PricingCore.Audit;

/// <summary>How a text stands in a record: the first number is 0 or 1 for packed ids, else 2 more than the bytes of UTF-8 that follow.</summary>
internal static class TextForm
{
    /// <summary>16 bytes follow: 32 small hexadecimal digits.</summary>
    public const byte Hex = 0;

    /// <summary>16 bytes follow: a GUID in small letters, with dashes.</summary>
    public const byte Guid = 1;

    /// <summary>Added to the number of UTF-8 bytes.</summary>
    public const int Plain = 2;

    /// <summary>The part of a text that is recorded: its beginning, where it has more than <see cref="AuditFormat.MaxTextBytes"/>.</summary>
    public static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text)
    {
        if (text.Length <= AuditFormat.MaxTextBytes / 3) // No character takes more than three bytes a UTF-16 unit.
        {
            return text;
        }

        int bytes = 0;
        int units = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > AuditFormat.MaxTextBytes)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            units += rune.Utf16SequenceLength;
        }

        return text[..Math.Min(units, text.Length)];
    }
}
