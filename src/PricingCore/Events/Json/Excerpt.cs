using System.Text;

namespace PricingCore.Events.Json;

/// <summary>Shortens what a file holds for use in a message: at most 60 characters, none of them control characters.</summary>
internal static class Excerpt
{
    private const int MaxChars = 60;

    public static string Of(ReadOnlySpan<byte> utf8) =>
        Of(Encoding.UTF8.GetString(utf8.Length > 4 * MaxChars ? utf8[..(4 * MaxChars)] : utf8));

    public static string Of(string text)
    {
        var kept = new StringBuilder(MaxChars);
        foreach (char c in text)
        {
            if (kept.Length == MaxChars)
            {
                return kept.Append("...").ToString();
            }

            kept.Append(char.IsControl(c) ? '?' : c);
        }

        return kept.ToString();
    }
}
