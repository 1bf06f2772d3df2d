namespace PricingCore.Testing.Cities;

/// <summary>The city's clock: microseconds since 1970 inside, local time for people and curves.</summary>
internal sealed class CityClock
{
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    private readonly TimeZoneInfo _zone;

    public CityClock(CityOptions options)
    {
        _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
        Start = Micros(options.FirstDay.ToDateTime(TimeOnly.MinValue));
        End = Start + (options.Days * Day);
    }

    /// <summary>Local midnight of the first day.</summary>
    public long Start { get; }

    /// <summary>When the simulation ends.</summary>
    public long End { get; }

    public static DateTimeOffset At(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public DateTime Local(long micros) => TimeZoneInfo.ConvertTimeFromUtc(At(micros).UtcDateTime, _zone);

    /// <summary>The microseconds of a local time; one that the clocks skip counts as an hour later.</summary>
    public long Micros(DateTime local)
    {
        DateTime valid = _zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return (TimeZoneInfo.ConvertTimeToUtc(valid, _zone) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }
}
