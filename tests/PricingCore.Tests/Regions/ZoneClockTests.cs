using FsCheck;
using FsCheck.Fluent;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Tests.Regions;

/// <summary>
/// Goal: the local hour of the week is that of the calendar, also on days when clocks change and in zones that are not on the hour.
/// Method: worked days of New York and Kolkata, and random times in many zones against <see cref="TimeZoneInfo"/>.
/// </summary>
public sealed class ZoneClockTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    private static readonly string[] Zones =
    [
        "UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham",
        "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo", "Asia/Tehran", "Antarctica/Troll", "Pacific/Kiritimati",
    ];

    [Theory]
    [InlineData("America/New_York", "2026-03-08T06:59:59Z", 6, 1)]
    [InlineData("America/New_York", "2026-03-08T07:00:00Z", 6, 3)]
    [InlineData("America/New_York", "2026-11-01T05:59:59Z", 6, 1)]
    [InlineData("America/New_York", "2026-11-01T06:00:00Z", 6, 1)]
    [InlineData("America/New_York", "2026-11-01T07:00:00Z", 6, 2)]
    [InlineData("Asia/Kolkata", "2026-03-01T18:29:59Z", 6, 23)]
    [InlineData("Asia/Kolkata", "2026-03-01T18:30:00Z", 0, 0)]
    [InlineData("UTC", "1970-01-01T00:00:00Z", 3, 0)]
    public void HourOfWeek_OnAWorkedDay_IsRight(string zone, string utc, int weekday, int hour)
    {
        long micros = UnixMicros.From(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((weekday * 24) + hour, ZoneClock.Of(zone).HourOfWeek(micros));
    }

    [Fact]
    public void HourOfWeek_AtAnyTime_IsThatOfTheCalendar()
    {
        ZoneClock[] clocks = [.. Zones.Select(ZoneClock.Of)];
        TimeZoneInfo[] zones = [.. Zones.Select(TimeZoneInfo.FindSystemTimeZoneById)];
        Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            var time = new DateTimeOffset(1975, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.NextInt64(125L * 365 * 86_400));
            for (int step = 0; step < 12; step++)
            {
                int zone = random.Next(Zones.Length);
                DateTimeOffset local = TimeZoneInfo.ConvertTime(time, zones[zone]);
                int expected = ((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour;
                Assert.Equal(expected, clocks[zone].HourOfWeek(UnixMicros.From(time)));
                time = time.AddMinutes(random.Next(-20, 120));
            }
        }));
    }

    [Fact]
    public void HourOfWeek_AroundEveryChangeOfClocks_IsThatOfTheCalendar()
    {
        foreach (string name in Zones)
        {
            var clock = ZoneClock.Of(name);
            TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(name);
            for (var time = new DateTimeOffset(2023, 1, 1, 0, 0, 0, TimeSpan.Zero); time.Year < 2026; time = time.AddMinutes(30))
            {
                DateTimeOffset local = TimeZoneInfo.ConvertTime(time, zone);
                Assert.Equal(((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour, clock.HourOfWeek(UnixMicros.From(time)));
            }
        }
    }
}
