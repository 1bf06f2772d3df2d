using System.Globalization;

namespace PricingCore.Hosting.Configuration;

/// <summary>Durations as people write them: <c>00:00:30</c>, or a number with a unit.</summary>
internal static class Duration
{
    /// <summary>Reads one. A bare number is refused: .NET would read it as days, and whoever wrote it meant something else.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        text = text.Trim();
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(text, ["c", @"h\:mm\:ss", @"hh\:mm"], CultureInfo.InvariantCulture, out value);
        }

        int digits = text.Length;
        while (digits > 0 && char.IsAsciiLetter(text[digits - 1]))
        {
            digits--;
        }

        double seconds = text[digits..] switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 0,
        };
        if (seconds == 0
            || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number)
            || Math.Abs(number * seconds) > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)Math.Round(number * seconds * TimeSpan.TicksPerSecond));
        return true;
    }
}
