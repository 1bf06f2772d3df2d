using System.Globalization;

namespace PricingCore.Rules;

/// <summary>Reads the decimal number of a JSON file exactly, as a whole number of small units: 12.50 with two decimals is 1,250.</summary>
/// <remarks>Never through <see cref="double"/> or <see cref="decimal"/>, which round silently what does not fit.</remarks>
internal static class DecimalText
{
    private const int MaxDigits = 18; // Always fits in a long.
    private const int FarExponent = 1_000_000;

    /// <summary>Reads a number.</summary>
    /// <param name="number">A JSON number, for example <c>12.50</c> or <c>1.25e1</c>.</param>
    /// <param name="decimals">How many decimals one unit stands for.</param>
    /// <param name="units">The number in units.</param>
    /// <returns>Null, or why the number has no exact form of that kind.</returns>
    public static string? Read(ReadOnlySpan<char> number, int decimals, out long units)
    {
        units = 0;
        int exponent = 0;
        int mark = number.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (!int.TryParse(number[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs((long)exponent) > FarExponent)
            {
                exponent = number[mark + 1] == '-' ? -FarExponent : FarExponent;
            }

            number = number[..mark];
        }

        bool negative = number.StartsWith("-");
        number = negative ? number[1..] : number;
        int point = number.IndexOf('.');
        int fraction = point < 0 ? 0 : number.Length - point - 1;
        string digits = point < 0 ? number.ToString() : string.Concat(number[..point], number[(point + 1)..]);

        string significant = digits.TrimEnd('0');
        long zeros = digits.Length - significant.Length - fraction + (long)exponent + decimals;
        significant = significant.TrimStart('0');
        if (significant.Length == 0)
        {
            return null; // 0 in any spelling.
        }

        if (zeros < 0)
        {
            return decimals == 0
                ? "it must be a whole number"
                : string.Create(CultureInfo.InvariantCulture, $"it may have at most {decimals} decimals");
        }

        if (significant.Length + zeros > MaxDigits)
        {
            return "it is too large";
        }

        units = long.Parse(significant, NumberStyles.None, CultureInfo.InvariantCulture);
        for (long i = 0; i < zeros; i++)
        {
            units *= 10;
        }

        units = negative ? -units : units;
        return null;
    }
}
