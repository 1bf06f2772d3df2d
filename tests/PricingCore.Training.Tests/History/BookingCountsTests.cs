using FsCheck;
using FsCheck.Fluent;
using PricingCore.Training.History;

namespace PricingCore.Training.Tests.History;

/// <summary>
/// Goal: counts of any period are those of a plain list, whatever the order in which bookings came.
/// Method: random minutes added in their order; then random periods are counted both ways.
/// </summary>
public sealed class BookingCountsTests
{
    private static readonly Arbitrary<int[]> Minutes = ArbMap.Default.ArbFor<int[]>();

    [Fact]
    public void CountIn_IsTheCountOfAList() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Minutes, minutes =>
    {
        var counts = new BookingCounts();
        foreach (int minute in minutes)
        {
            counts.Add(minute);
        }

        foreach (int from in minutes.Append(-3))
        {
            foreach (int length in new[] { 0, 1, 5, 60 })
            {
                Assert.Equal(minutes.Count(m => m >= from && m < from + length), counts.CountIn(from, from + length));
            }
        }
    }));

    [Fact]
    public void Add_WhenTakenBack_CountsAsNever()
    {
        var counts = new BookingCounts();
        counts.Add(7);
        counts.Add(9);
        counts.Add(7, -1);

        Assert.Equal((0, 1), (counts.CountIn(0, 9), counts.CountIn(0, 10)));
    }
}
