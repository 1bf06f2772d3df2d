using System.Globalization;
using System.Text;
using System.Text.Json;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>Says what is wrong with JSON, in words that name no type of this program and hold no more than an excerpt of what was sent.</summary>
internal static class JsonFault
{
    private const int MaxExcerpt = 40;

    /// <summary>What a reader's exception means.</summary>
    /// <param name="fault">A <see cref="JsonException"/>, or the exception for half a Unicode character.</param>
    /// <param name="maxDepth">How deep the reader goes.</param>
    public static Problem Of(Exception fault, int maxDepth)
    {
        if (fault is not JsonException json)
        {
            return new Problem(ProblemType.InvalidUtf8, "An escaped character is half a Unicode character.", Legal: "escapes of such characters in pairs");
        }

        string place = string.Create(CultureInfo.InvariantCulture, $"line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}");
        return json.Message.Contains("maximum configured depth", StringComparison.Ordinal)
            ? new Problem(
                ProblemType.TooDeep,
                $"At {place}, objects and arrays are nested more deeply than allowed.",
                Legal: string.Create(CultureInfo.InvariantCulture, $"at most {maxDepth} levels"))
            : new Problem(ProblemType.MalformedJson, $"At {place}: {FirstSentence(json.Message)}");
    }

    /// <summary>Some bytes for use in a message: at most 40 characters, none of them control characters.</summary>
    public static string Excerpt(ReadOnlySpan<byte> utf8) =>
        Excerpt(Encoding.UTF8.GetString(utf8.Length > 4 * MaxExcerpt ? utf8[..(4 * MaxExcerpt)] : utf8));

    /// <summary>A text for use in a message.</summary>
    public static string Excerpt(string text)
    {
        var kept = new StringBuilder(MaxExcerpt);
        foreach (char c in text)
        {
            if (kept.Length == MaxExcerpt)
            {
                return kept.Append("...").ToString();
            }

            kept.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return kept.ToString();
    }

    private static string FirstSentence(string message)
    {
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Sentence(place < 0 ? message : message[..place]);

        // The reader quotes the byte that it stumbled over, which may be anything.
        static string Sentence(string text) => string.Concat(text.Length > 160 ? text[..160] : text).Replace('\0', '?').ReplaceLineEndings(" ");
    }
}
