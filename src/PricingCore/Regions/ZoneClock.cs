using PricingCore.Numerics;

namespace PricingCore.Regions;

/// <summary>The local time of one time zone; remembers the offset of the hour it was last asked for.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class ZoneClock(TimeZoneInfo zone)
{
    private const int HoursPerDay = 24;
    private const int HoursPerWeek = 168;

    // 1 January 1970 was a Thursday; weeks here start on Monday 00:00.
    private const long HoursFromMondayToEpoch = 3 * HoursPerDay;

    private long _quarter = long.MinValue;
    private long _offset;

    /// <summary>Finds a zone by its IANA name.</summary>
    /// <exception cref="TimeZoneNotFoundException">The system has no such zone.</exception>
    public static ZoneClock Of(string timeZone) => new(TimeZoneInfo.FindSystemTimeZoneById(timeZone));

    /// <summary>Microseconds to add to a UTC time to get the local one.</summary>
    public long OffsetAt(long micros)
    {
        // Zones change their offset on quarter hours at the finest.
        long quarter = micros / (15 * UnixMicros.PerMinute);
        if (quarter != _quarter)
        {
            _quarter = quarter;
            _offset = UnixMicros.From(zone.GetUtcOffset(UnixMicros.ToTime(micros)));
        }

        return _offset;
    }

    /// <summary>The local hour of the week: 0 is Monday 00:00, 167 is Sunday 23:00.</summary>
    public int HourOfWeek(long micros) => HourOfWeekAt(micros + OffsetAt(micros));

    /// <summary>The local hour of the week in which the clock hour (UTC) of a time began: another one where zones are not on the hour.</summary>
    public int HourOfWeekOfClockHour(long micros) => HourOfWeekAt((UnixMicros.HourOf(micros) * UnixMicros.PerHour) + OffsetAt(micros));

    private static int HourOfWeekAt(long localMicros)
    {
        long hours = UnixMicros.HourOf(localMicros) + HoursFromMondayToEpoch;
        long hour = hours % HoursPerWeek;
        return (int)(hour < 0 ? hour + HoursPerWeek : hour);
    }
}
