using PricingCore.Forecasts.Rollouts;

namespace PricingCore.Tests.Forecasts.Rollouts;

public sealed class PriceDifferencesTests
{
    [Fact]
    public void Sum_AddsUpOverLoops()
    {
        var first = new PriceDifferences();
        var second = new PriceDifferences();
        first.Count(candidate: 11_000, stable: 10_000, pricesDiffer: true);
        first.Count(candidate: 10_000, stable: 10_000, pricesDiffer: false);
        second.Count(candidate: 16_000, stable: 20_000, pricesDiffer: true);
        second.Count(candidate: 10_001, stable: 10_000, pricesDiffer: false);

        PriceDifferenceReport report = PriceDifferences.Sum([first, second]);

        Assert.Equal(4, report.Decisions);
        Assert.Equal(0.5, report.ChangedShare);
        Assert.Equal((0.1 - 0.2 + 0.0001) / 4, report.MeanChange, 9);
        Assert.Equal((0.1 + 0.2 + 0.0001) / 4, report.MeanAbsoluteChange, 9);
        Assert.Equal(0.2, report.LargestAbsoluteChange, 9);
        Assert.InRange(report.AbsoluteChange95, 0.2, 0.4);
    }

    [Fact]
    public void Sum_OfNothing_IsNothing()
    {
        var differences = new PriceDifferences();
        differences.Count(12_000, 10_000, pricesDiffer: true);
        differences.Clear();
        Assert.Equal(PriceDifferences.None, PriceDifferences.Sum([differences]));
    }
}
