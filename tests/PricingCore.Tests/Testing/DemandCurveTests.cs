using PricingCore.Testing.Cities;

namespace PricingCore.Tests.Testing;

/// <summary>
/// Goal: demand over a week has the shape that the docs promise, and random numbers are those of the published algorithms.
/// Method: the curves are sampled each minute; the generator is compared with known means and with itself.
/// </summary>
public sealed class DemandCurveTests
{
    private static readonly DateTime Monday = new(2026, 6, 1);

    [Theory]
    [InlineData(CityRegionKind.Suburb, 7)]
    [InlineData(CityRegionKind.Downtown, 18)]
    public void At_WhenItIsAWeekday_PeaksInTheRushHour(CityRegionKind kind, int hour)
    {
        DateTime peak = Enumerable.Range(0, 24 * 60).Select(minute => Monday.AddMinutes(minute)).MaxBy(time => DemandCurve.At(kind, time));

        Assert.Equal(hour, peak.Hour);
    }

    [Theory]
    [InlineData(CityRegionKind.Suburb)]
    [InlineData(CityRegionKind.Downtown)]
    [InlineData(CityRegionKind.Airport)]
    [InlineData(CityRegionKind.Stadium)]
    public void At_OverAWeek_IsContinuousWithAWeekdayMeanOfOne(CityRegionKind kind)
    {
        double[] week = [.. Enumerable.Range(0, 7 * 24 * 60).Select(minute => DemandCurve.At(kind, Monday.AddMinutes(minute)))];

        Assert.Equal(1, week.Take(3 * 24 * 60).Average(), 2);
        Assert.All(week, demand => Assert.InRange(demand, 0.05, DemandCurve.Peak));
        Assert.All(week.Zip(week.Skip(1)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.03));
    }

    [Fact]
    public void At_OnASaturdayNight_IsBusierDowntownThanOnATuesdayNight() =>
        Assert.True(DemandCurve.At(CityRegionKind.Downtown, Monday.AddDays(6).AddHours(1)) > 3 * DemandCurve.At(CityRegionKind.Downtown, Monday.AddDays(1).AddHours(1)));

    [Fact]
    public void Exponential_OverManyDraws_HasTheMeanAndSpreadOfThatDistribution()
    {
        CityRandom random = new(1, CityStream.Arrivals);
        double[] draws = [.. Enumerable.Range(0, 200_000).Select(_ => random.Exponential())];

        Assert.Equal(1, draws.Average(), 1.5e-2);
        Assert.Equal(1, draws.Average(x => (x - 1) * (x - 1)), 3e-2);
        Assert.Equal(Math.Exp(-2), draws.Count(x => x > 2) / 200_000.0, 5e-3);
    }

    [Fact]
    public void Unit_WhenStreamsDiffer_GivesOtherNumbersEachInRange()
    {
        double[] first = Draw(new CityRandom(1, CityStream.Arrivals, 0));

        Assert.Equal(first, Draw(new CityRandom(1, CityStream.Arrivals, 0)));
        Assert.NotEqual(first, Draw(new CityRandom(2, CityStream.Arrivals, 0)));
        Assert.NotEqual(first, Draw(new CityRandom(1, CityStream.Drivers, 0)));
        Assert.NotEqual(first, Draw(new CityRandom(1, CityStream.Arrivals, 1)));
        Assert.All(first, x => Assert.InRange(x, 0, 1 - double.Epsilon));
        Assert.Equal(0.5, first.Average(), 2e-2);
    }

    [Fact]
    public void Next_WhenTheRateChanges_FollowsIt()
    {
        PoissonArrivals arrivals = new(new CityRandom(3, CityStream.Arrivals), 600, at => at < CityClock.Hour ? 60 : 600);
        int before = 0;
        int after = 0;
        for (long at = arrivals.Next(0, 2 * CityClock.Hour); at != long.MaxValue; at = arrivals.Next(at, 2 * CityClock.Hour))
        {
            _ = at < CityClock.Hour ? before++ : after++;
        }

        Assert.InRange(before, 35, 90);
        Assert.InRange(after, 500, 700);
    }

    private static double[] Draw(CityRandom random) => [.. Enumerable.Range(0, 5_000).Select(_ => random.Unit())];
}
