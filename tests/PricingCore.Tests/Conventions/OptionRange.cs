using System.Globalization;
using System.Text.RegularExpressions;

namespace PricingCore.Tests.Conventions;

/// <summary>What an option's documentation promises: <c>From 1 to 64; 1 unless set.</c></summary>
/// <param name="Least">The least value that is allowed.</param>
/// <param name="Most">The largest value that is allowed.</param>
/// <param name="Standard">The value of an option that is not set.</param>
/// <param name="JustBelow">A value below the range.</param>
/// <param name="JustAbove">A value above the range.</param>
internal sealed partial record OptionRange(object Least, object Most, object Standard, object JustBelow, object JustAbove)
{
    /// <summary>Reads the words of a value element for an option of type int or TimeSpan; null when they do not have this form.</summary>
    public static OptionRange? Parse(string words, Type type)
    {
        Match match = Form().Match(words);
        if (!match.Success)
        {
            return null;
        }

        // "From 1 to 60 seconds": the unit is written once.
        string sharedUnit = Unit().Match(match.Groups["most"].Value).Value;
        long least = Number(match.Groups["least"].Value, sharedUnit, type);
        long most = Number(match.Groups["most"].Value, sharedUnit, type);
        long standard = Number(match.Groups["standard"].Value, sharedUnit, type);
        return new OptionRange(Boxed(least), Boxed(most), Boxed(standard), Boxed(least - 1), Boxed(most + 1));

        object Boxed(long number) => type == typeof(int) ? (int)number : TimeSpan.FromTicks(number);
    }

    private static long Number(string words, string sharedUnit, Type type)
    {
        long number = long.Parse(Digits().Match(words).Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        if (type == typeof(int))
        {
            return number;
        }

        string unit = Unit().Match(words) is { Success: true } own ? own.Value : sharedUnit;
        return number * unit switch
        {
            "millisecond" => TimeSpan.TicksPerMillisecond,
            "second" => TimeSpan.TicksPerSecond,
            "minute" => TimeSpan.TicksPerMinute,
            "hour" => TimeSpan.TicksPerHour,
            "day" => TimeSpan.TicksPerDay,
            _ => throw new FormatException($"No unit of time in '{words}'."),
        };
    }

    [GeneratedRegex(@"(?i:from) (?<least>[\d,]+( \w+)?) to (?<most>[\d,]+( \w+)?)(,[^;]*)?; (?<standard>[\d,]+( \w+)?) unless set")]
    private static partial Regex Form();

    [GeneratedRegex(@"[\d,]*\d")]
    private static partial Regex Digits();

    [GeneratedRegex("millisecond|second|minute|hour|day")]
    private static partial Regex Unit();
}
