namespace PricingCore.Forecasts.Models;

/// <summary>What a model's name and version may look like.</summary>
internal static class ModelVersionText
{
    private const int MaxNameLength = 40;
    private const int MaxLength = 64; // Of name/version: the limit on product and model names inside the engine.

    /// <summary>Says what is wrong with a name; <see langword="null"/> when nothing is.</summary>
    public static string? FindNameError(string name) =>
        name.Length is >= 1 and <= MaxNameLength && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? null
            : $"name: '{name}' must be 1 to {MaxNameLength} lower-case letters, digits, '-' or '_'.";

    /// <summary>Says what is wrong with a version; <see langword="null"/> when nothing is.</summary>
    public static string? FindVersionError(string name, string version) =>
        !IsSemantic(version) ? $"version: '{version}' is not a semantic version such as 1.2.0 or 1.2.0-rc.1."
        : name.Length + 1 + version.Length > MaxLength ? $"version: name and version have more than {MaxLength - 1} characters together."
        : null;

    /// <summary>Whether a text is a semantic version, after semver.org 2.0.0.</summary>
    public static bool IsSemantic(string version)
    {
        string rest = version;
        int plus = rest.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0)
        {
            if (!AreIdentifiers(rest[(plus + 1)..], isNumberStrict: false))
            {
                return false;
            }

            rest = rest[..plus];
        }

        int dash = rest.IndexOf('-', StringComparison.Ordinal);
        if (dash >= 0)
        {
            if (!AreIdentifiers(rest[(dash + 1)..], isNumberStrict: true))
            {
                return false;
            }

            rest = rest[..dash];
        }

        string[] numbers = rest.Split('.');
        return numbers.Length == 3 && numbers.All(number => IsNumber(number) && int.TryParse(number, out _));
    }

    private static bool AreIdentifiers(string text, bool isNumberStrict) =>
        text.Split('.').All(part =>
            part.Length > 0
            && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && (!isNumberStrict || !part.All(char.IsAsciiDigit) || IsNumber(part)));

    private static bool IsNumber(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0');
}
