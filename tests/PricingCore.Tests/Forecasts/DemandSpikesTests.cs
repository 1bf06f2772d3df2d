using PricingCore.Features;
using PricingCore.Forecasts;

namespace PricingCore.Tests.Forecasts;

/// <summary>
/// Goal: a spike is told once, at a z-score of 5 and ten bookings, and again only after calm.
/// Method: signals by hand around each boundary: with a usual of 60 an hour, 15 a quarter, one deviation is 1.2533 x 0.8 x 4 = 4.01.
/// </summary>
public sealed class DemandSpikesTests
{
    private static readonly RegionSignals Known = new() { HoursLearned = 24, UsualThisHour = 60 };
    private readonly DemandSpikes _spikes = new(2);

    [Fact]
    public void HasBegun_FromAScoreOfFiveOn_IsToldOnceUntilCalm()
    {
        Assert.False(Look(35)); // z = 4.99
        Assert.True(Look(36));
        Assert.False(Look(60));
        Assert.False(Look(26)); // z = 2.74: not calm yet.
        Assert.False(Look(60));
        Assert.False(Look(25)); // z = 2.49: calm.
        Assert.True(Look(60));
    }

    [Fact]
    public void HasBegun_WithFewBookingsOrLittleKnowledge_IsNot()
    {
        var quiet = Known with { UsualThisHour = 0 };
        Assert.False(_spikes.HasBegun(0, 1, quiet with { Bookings15Min = 9 }));
        Assert.False(_spikes.HasBegun(0, 1, Known with { Bookings15Min = 99, HoursLearned = 23 }));
        Assert.False(_spikes.HasBegun(0, 1, Known with { Bookings15Min = 99, UsualThisHour = float.NaN }));
        Assert.True(_spikes.HasBegun(0, 1, quiet with { Bookings15Min = 10 }));
    }

    [Fact]
    public void IsDue_OnceAMinute_ForEachRegion()
    {
        Assert.True(_spikes.IsDue(0, 5));
        _spikes.HasBegun(0, 5, Known);
        Assert.False(_spikes.IsDue(0, 5));
        Assert.True(_spikes.IsDue(0, 6));
        Assert.True(_spikes.IsDue(1, 5));
    }

    private bool Look(float bookings) => _spikes.HasBegun(0, 1, Known with { Bookings15Min = bookings });
}
