using FsCheck;
using FsCheck.Fluent;
using PricingCore.Cli.Backtest;
using PricingCore.Cli.Report.Charts;
using PricingCore.Money;
using PricingCore.Numerics;

namespace PricingCore.Cli.Tests.Backtest;

/// <summary>
/// Goal: every booking is priced once, by the decision in force, whatever the order of things; charts count every value once.
/// Method: random decisions and bookings of few regions, products and times, so that they meet; compared with a search through all of them.
/// Control: with the comparison of times in BookingPrices changed from "up to" to "before", the property failed at its first try.
/// </summary>
public sealed class BookingPricesTests
{
    private static readonly Currency Dollar = Currency.FromCode("USD");
    private static readonly string[] Products = ["x", "y"];

    [Fact]
    public void Of_WhateverComes_PricesAsASearchThroughEverythingDoes() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<int>(), AgreesWithSearch));

    [Fact]
    public void Of_WhenAProductIsNamed_TakesItsPrice_ElseThatDecidedLast()
    {
        var run = new PolicyRun();
        run.Take("r", "x", Decision(10, 100));
        run.Take("r", "y", Decision(20, 700));
        run.Take("r", "x", UnixMicros.ToTime(30));
        run.Take("r", null, UnixMicros.ToTime(30));
        run.Take("r", "z", UnixMicros.ToTime(30));
        run.Take("r", null, UnixMicros.ToTime(5));
        run.Close();

        BookingPrices prices = BookingPrices.Of(run, run, -1);

        Assert.Equal((4, 2), (prices.Counted, prices.Priced));
        Assert.Equal(800, Assert.Single(prices.Revenue).A);
        Assert.Equal(800, prices.Revenue[0].BAtElasticity);
    }

    [Fact]
    public void Of_WhenAPriceIsZero_LeavesTheBookingAsItIs()
    {
        (PolicyRun a, PolicyRun b) = (new PolicyRun(), new PolicyRun());
        a.Take("r", "x", Decision(1, 100));
        b.Take("r", "x", Decision(1, 0));
        a.Take("r", null, UnixMicros.ToTime(1));

        BookingPrices prices = BookingPrices.Of(a, b, -10);

        Assert.Equal((1, 1), (prices.Priced, prices.WithoutRatio));
        Assert.Equal((100, 0, 0, 1), (prices.Revenue[0].A, prices.Revenue[0].B, prices.Revenue[0].BAtElasticity, prices.Revenue[0].BookingsAtElasticity));
        Assert.Equal(-100, prices.All.MeanPercent);
    }

    [Fact]
    public void SideBySide_CountsEveryValueOnce_InBucketsThatHoldIt()
    {
        double[] first = [1, 1, 1.05, 1.1, 2.95, 3];
        SideBySide chart = SideBySide.Of("multiplier", "decisions", ("a", first), ("b", []));

        Assert.Equal(first.Length, chart.First.Counts.Sum());
        Assert.Equal(0, chart.Second.Counts.Sum());
        Assert.Equal(2, chart.First.Counts[0] - (chart.BucketWidth > 0.05 ? 1 : 0));
        Assert.InRange(chart.First.Counts.Count, 2, 31);
        Assert.Single(SideBySide.Of("multiplier", "decisions", ("a", []), ("b", [])).First.Counts);
    }

    private static bool AgreesWithSearch(int seed)
    {
        var random = new Random(seed);
        (PolicyRun a, PolicyRun b) = (new PolicyRun(), new PolicyRun());
        var all = new List<(bool IsB, string Region, string Product, PricedDecision Decision)>();
        foreach (string lane in (string[])["1x", "1y", "2x"])
        {
            foreach (int at in Enumerable.Range(0, 12))
            {
                foreach (bool isB in (bool[])[false, true])
                {
                    if (random.Next(3) > 0)
                    {
                        PricedDecision decision = Decision(at, random.Next(1, 500));
                        (isB ? b : a).Take(lane[..1], lane[1..], decision);
                        all.Add((isB, lane[..1], lane[1..], decision));
                    }
                }
            }
        }

        long priced = 0;
        decimal ofA = 0;
        decimal ofB = 0;
        for (int i = 0; i < 30; i++)
        {
            string region = random.Next(1, 4).ToString(System.Globalization.CultureInfo.InvariantCulture);
            string? product = random.Next(2) == 0 ? null : Products[random.Next(2)];
            int at = random.Next(-1, 14);
            a.Take(region, product, UnixMicros.ToTime(at));
            string? meant = product ?? all
                .Where(made => !made.IsB && made.Region == region && made.Decision.AtMicros <= at)
                .OrderByDescending(made => made.Decision.AtMicros).ThenBy(made => made.Product, StringComparer.Ordinal)
                .FirstOrDefault().Product;
            PricedDecision? Last(bool isB) => all
                .Where(made => made.IsB == isB && made.Region == region && made.Product == meant && made.Decision.AtMicros <= at)
                .Select(made => (PricedDecision?)made.Decision)
                .MaxBy(decision => decision!.Value.AtMicros);
            if (Last(false) is { } chosenA && Last(true) is { } chosenB)
            {
                priced++;
                ofA += chosenA.MinorUnits;
                ofB += chosenB.MinorUnits;
            }
        }

        a.Close();
        b.Close();
        BookingPrices prices = BookingPrices.Of(a, b, 0);
        CurrencyRevenue? revenue = prices.Revenue.SingleOrDefault();
        return prices.Counted == 30 && prices.Priced == priced && (revenue?.A ?? 0) == ofA && (revenue?.B ?? 0) == ofB && (revenue?.BAtElasticity ?? 0) == ofB
            && prices.Hours.Sum(hour => hour.Bookings) == priced && prices.Regions.Values.Sum(region => region.Bookings) == priced;
    }

    private static PricedDecision Decision(long at, long price) => new(at, price, Dollar, 10_000, 5, 0, 0);
}
