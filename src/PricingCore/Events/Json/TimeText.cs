namespace PricingCore.Events.Json;

/// <summary>Reads times such as <c>2014-07-04T21:30:00.25-04:00</c> (RFC 3339), also without seconds or offset where that is allowed.</summary>
internal static class TimeText
{
    /// <summary>The first time a replay takes.</summary>
    public static readonly DateTimeOffset Earliest = new(1971, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The time from which on a replay takes none.</summary>
    public static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Example = "for example 2026-03-01T08:30:00Z";

    /// <summary>Reads a time with an offset, as UTC.</summary>
    public static bool TryReadInstant(ReadOnlySpan<byte> text, string field, out DateTimeOffset instant, out Problem problem)
    {
        instant = default;
        if (!TryRead(text, out DateTime clock, out TimeSpan? offset, out bool hasSeconds) || (!hasSeconds && offset is null))
        {
            problem = Invalid(text, field);
            return false;
        }

        if (offset is null)
        {
            problem = new Problem(RejectReason.TimeWithoutOffset, $"{field}: time without offset: add Z or an offset, {Example}");
            return false;
        }

        if (!hasSeconds)
        {
            problem = Invalid(text, field);
            return false;
        }

        return TryMakeUtc(clock, offset.Value, field, out instant, out problem);
    }

    /// <summary>Makes an instant of what a clock shows at an offset from UTC, and checks that it is one a replay takes.</summary>
    public static bool TryMakeUtc(DateTime clock, TimeSpan offset, string field, out DateTimeOffset instant, out Problem problem)
    {
        long ticks = clock.Ticks - offset.Ticks;
        if (ticks < Earliest.Ticks || ticks >= Latest.Ticks)
        {
            instant = default;
            problem = new Problem(RejectReason.TimeOutOfRange, $"{field}: the year must be from 1971 to 2099");
            return false;
        }

        instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        problem = default;
        return true;
    }

    public static Problem Invalid(ReadOnlySpan<byte> text, string field) =>
        new(RejectReason.InvalidTime, $"{field}: '{Excerpt.Of(text)}' is not an RFC 3339 time, {Example}");

    /// <summary>Reads date and clock, and the offset when there is one. Fractions beyond a microsecond are cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTime clock, out TimeSpan? offset, out bool hasSeconds)
    {
        clock = default;
        offset = null;
        hasSeconds = false;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':'
            || !Digits(text, 0, 4, out int year) || !Digits(text, 5, 2, out int month) || !Digits(text, 8, 2, out int day)
            || !Digits(text, 11, 2, out int hour) || !Digits(text, 14, 2, out int minute)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[16..];
        int second = 0;
        long fractionTicks = 0;
        if (rest.Length > 0 && rest[0] == ':')
        {
            // Second 60, a leap second, is no time of DateTime; it is refused like any other that does not exist.
            if (rest.Length < 3 || !Digits(rest, 1, 2, out second) || second > 59)
            {
                return false;
            }

            hasSeconds = true;
            rest = rest[3..];
            if (rest.Length > 0 && rest[0] == '.' && !TryReadFraction(ref rest, out fractionTicks))
            {
                return false;
            }
        }

        clock = new DateTime(year, month, day, hour, minute, second).AddTicks(fractionTicks);
        return rest.IsEmpty || TryReadOffset(rest, out offset);
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        long unit = TimeSpan.TicksPerSecond / 10;
        int i = 1;
        for (; i < rest.Length && rest[i] is >= (byte)'0' and <= (byte)'9'; i++)
        {
            ticks += (rest[i] - '0') * unit;
            unit /= 10;
        }

        ticks -= ticks % TimeSpan.TicksPerMicrosecond;
        rest = rest[i..];
        return i > 1;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> rest, out TimeSpan? offset)
    {
        offset = null;
        if (rest.Length == 1 && (rest[0] | 0x20) == 'z')
        {
            offset = TimeSpan.Zero;
            return true;
        }

        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':'
            || !Digits(rest, 1, 2, out int hours) || !Digits(rest, 4, 2, out int minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        var size = new TimeSpan(hours, minutes, 0);
        offset = rest[0] == '-' ? -size : size;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, int start, int count, out int value)
    {
        value = 0;
        for (int i = start; i < start + count; i++)
        {
            int digit = text[i] - '0';
            if (digit is < 0 or > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        return true;
    }
}
