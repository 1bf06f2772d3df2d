using FsCheck;
using FsCheck.Fluent;
using PricingCore.Numerics;

namespace PricingCore.Tests.Numerics;

/// <summary>
/// Goal: times go to microseconds and back without loss, cut towards the past on both sides of 1970.
/// Method: worked values around the epoch, and a round trip of random times.
/// </summary>
public sealed class UnixMicrosTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(-1, -1)]
    [InlineData(-10, -1)]
    [InlineData(-11, -2)]
    public void From_CutsToTheMicrosecondBefore(long ticks, long micros) =>
        Assert.Equal(micros, UnixMicros.From(DateTimeOffset.UnixEpoch.AddTicks(ticks)));

    [Theory]
    [InlineData(-1, -1, -1)]
    [InlineData(0, 0, 0)]
    [InlineData(59_999_999, 0, 0)]
    [InlineData(60_000_000, 1, 0)]
    [InlineData(3_600_000_000, 60, 1)]
    [InlineData(-3_600_000_000, -60, -1)]
    [InlineData(-3_600_000_001, -61, -2)]
    public void MinuteAndHour_RoundDown(long micros, long minute, long hour)
    {
        Assert.Equal(minute, UnixMicros.MinuteOf(micros));
        Assert.Equal(hour, UnixMicros.HourOf(micros));
    }

    [Fact]
    public void From_OfATimeWithAnOffset_IsTheSameInstant()
    {
        var there = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.FromHours(5.5));
        Assert.Equal(UnixMicros.From(there.ToUniversalTime()), UnixMicros.From(there));
    }

    [Fact]
    public void ToTime_OfFrom_IsTheTimeCutToTheMicrosecond() =>
        Check.One(Thorough, Prop.ForAll(ArbMap.Default.ArbFor<DateTimeOffset>(), time =>
        {
            DateTimeOffset back = UnixMicros.ToTime(UnixMicros.From(time));
            long lost = time.UtcTicks - back.UtcTicks;
            Assert.InRange(lost, 0, TimeSpan.TicksPerMicrosecond - 1);
            Assert.Equal(UnixMicros.From(time), UnixMicros.From(back));
        }));
}
