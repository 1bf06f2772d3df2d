namespace PricingCore.Numerics;

/// <summary>Turns times into microseconds since 1970 UTC, the engine's only unit of time, and back.</summary>
internal static class UnixMicros
{
    public const long PerSecond = 1_000_000;
    public const long PerMinute = 60 * PerSecond;
    public const long PerHour = 60 * PerMinute;

    private const long TicksPerMicro = TimeSpan.TicksPerMicrosecond;

    /// <summary>The time, cut to the microsecond.</summary>
    public static long From(DateTimeOffset time) => FloorDivide(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks, TicksPerMicro);

    public static long From(TimeSpan span) => span.Ticks / TicksPerMicro;

    public static DateTimeOffset ToTime(long micros) => new(DateTimeOffset.UnixEpoch.UtcTicks + (micros * TicksPerMicro), TimeSpan.Zero);

    /// <summary>Whether <see cref="ToTime"/> can tell the time: from 1970 to 9999.</summary>
    public static bool IsTime(long micros) => micros >= 0 && micros <= (DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TicksPerMicro;

    /// <summary>Which minute since 1970 a time lies in; also right before 1970.</summary>
    public static long MinuteOf(long micros) => FloorDivide(micros, PerMinute);

    /// <summary>Which hour since 1970 a time lies in; also right before 1970.</summary>
    public static long HourOf(long micros) => FloorDivide(micros, PerHour);

    private static long FloorDivide(long value, long divisor)
    {
        long quotient = value / divisor;
        return value < 0 && quotient * divisor != value ? quotient - 1 : quotient;
    }
}
