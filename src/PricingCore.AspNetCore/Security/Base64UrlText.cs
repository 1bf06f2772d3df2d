using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace PricingCore.AspNetCore.Security;

/// <summary>Base64url as RFC 7515 wants it and nothing else: no padding, no blanks, no bits left over, so that no two texts are the same bytes.</summary>
internal static class Base64UrlText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    /// <summary>Decodes a text.</summary>
    /// <returns><see langword="false"/> when it is not strictly base64url, or decodes to more than so many bytes.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length > ((maxBytes * 4) + 2) / 3 || text.Length % 4 == 1 || text.ContainsAnyExcept(Letters))
        {
            return false;
        }

        int unused = (text.Length % 4) switch { 2 => 15, 3 => 3, _ => 0 }; // Bits of the last character that stand for nothing.
        if (unused != 0 && (Alphabet.IndexOf(text[^1]) & unused) != 0)
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
