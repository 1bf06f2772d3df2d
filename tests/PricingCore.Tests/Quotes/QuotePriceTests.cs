using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Tests.Quotes;

/// <summary>
/// Goal: prices are rounded as docs/surge.md says, in every mode and currency, up to the largest amounts.
/// Method: examples checked by hand; docs/surge.md's own are in WorkedExampleTests.
/// </summary>
public sealed class QuotePriceTests
{
    private static readonly PricingRule Dollars = new() { BasePrice = new Amount(1_000, Currency.FromCode("USD")) };

    [Theory]
    [InlineData(0, 20_000, 0)]
    [InlineData(1_000, 10_000, 1_000)]
    [InlineData(1_000, 10_124, 1_000)]
    [InlineData(1_000, 10_125, 1_025)]
    [InlineData(1_000, 30_000, 3_000)]
    [InlineData(1, 10_000, 1)]
    [InlineData(9, 10_000, 25)]
    [InlineData(1, 30_000, 3)]
    public void Of_InMultiplicativeMode_IsBaseTimesMultiplier(long basePrice, int steps, long price) =>
        Assert.Equal(price, QuotePrice.Of(Dollars, basePrice, SurgeMultiplier.FromSteps(steps)));

    [Theory]
    [InlineData(500, 15_000, 1_000)]
    [InlineData(2_000, 15_000, 2_500)]
    [InlineData(2_000, 10_000, 2_000)]
    [InlineData(0, 10_000, 0)]
    public void Of_InAdditiveMode_AddsTheSameToEveryBase(long basePrice, int steps, long price) =>
        Assert.Equal(price, QuotePrice.Of(Dollars with { Mode = PricingMode.Additive }, basePrice, SurgeMultiplier.FromSteps(steps)));

    [Fact]
    public void Of_WhenAnAdditiveDiscountExceedsTheBase_IsZero()
    {
        PricingRule rule = Dollars with { Mode = PricingMode.Additive, MinMultiplier = SurgeMultiplier.FromSteps(0) };
        Assert.Equal(0, QuotePrice.Of(rule, 300, SurgeMultiplier.FromSteps(5_000)));
        Assert.Equal(0, QuotePrice.Explain(rule, 300, Outcome(5_000)).Sum(line => line.MinorUnits));
    }

    [Fact]
    public void Of_WhenNoMinorUnitFitsTheBounds_IsTheCap()
    {
        // 10.05 at 1.0001 is 10.051005: the floor rounds up to 10.06 and the cap down to 10.05.
        PricingRule rule = Dollars with { MinMultiplier = SurgeMultiplier.FromSteps(10_001), MaxMultiplier = SurgeMultiplier.FromSteps(10_001) };
        Assert.Equal(1_005, QuotePrice.Of(rule, 1_005, SurgeMultiplier.FromSteps(10_001)));
    }

    [Fact]
    public void Of_UnderAnEmergencyCapBelowTheFloor_IsTheCap()
    {
        PricingRule rule = Dollars with { MinMultiplier = SurgeMultiplier.FromSteps(15_000), EmergencyCap = SurgeMultiplier.FromSteps(12_000) };
        Assert.Equal(1_200, QuotePrice.Of(rule, 1_000, SurgeMultiplier.FromSteps(12_000)));
    }

    [Theory]
    [InlineData(PricingMode.Multiplicative, 100_000_000_000_000)]
    [InlineData(PricingMode.Additive, 100_000_000_000_000)]
    public void Of_TheLargestBaseAndMultiplier_DoesNotOverflow(PricingMode mode, long price)
    {
        var rule = new PricingRule
        {
            BasePrice = new Amount(QuotePrice.MaxBaseMinorUnits, Currency.FromCode("USD")),
            MaxMultiplier = SurgeMultiplier.FromSteps(SurgeMultiplier.MaxSteps),
            IncrementMinorUnits = 1_000_000_000_000,
            Mode = mode,
        };
        Assert.Equal(price, QuotePrice.Of(rule, QuotePrice.MaxBaseMinorUnits, SurgeMultiplier.FromSteps(SurgeMultiplier.MaxSteps)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000_001)]
    public void Of_ABaseOutOfRange_IsRefused(long basePrice)
    {
        Assert.Throws<ArgumentOutOfRangeException>("baseMinorUnits", () => QuotePrice.Of(Dollars, basePrice, SurgeMultiplier.One));
        Assert.Throws<ArgumentOutOfRangeException>("baseMinorUnits", () => QuotePrice.Explain(Dollars, basePrice, default));
    }

    [Fact]
    public void Explain_WithoutSurge_IsBaseAndRounding() =>
        Assert.Equal([new PriceComponent("base", 1_010), new PriceComponent("rounding", 15)], QuotePrice.Explain(Dollars, 1_010, Outcome(10_000)));

    [Theory]
    [InlineData(5, 10, 1)]
    [InlineData(4, 10, 0)]
    [InlineData(-5, 10, -1)]
    [InlineData(-4, 10, 0)]
    [InlineData(7, 3, 2)]
    [InlineData(8, 3, 3)]
    [InlineData(long.MaxValue, long.MaxValue, 1)]
    public void RoundHalfAway_OfAQuotient_RoundsHalfAwayFromZero(long dividend, long divisor, long rounded) =>
        Assert.Equal(rounded, PriceBounds.RoundHalfAway(dividend, divisor));

    [Fact]
    public void Of_AfterWarmUp_AllocatesNothing()
    {
        QuotePrice.Of(Dollars, 1_234, SurgeMultiplier.FromSteps(15_000));

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                QuotePrice.Of(Dollars, i, SurgeMultiplier.FromSteps(15_000));
            }
        }));
    }

    private static SurgeOutcome Outcome(int steps) =>
        new(SurgeMultiplier.FromSteps(steps), new SurgeFactors(steps - SurgeMultiplier.StepsPerOne, 0, 0, 0, 0), default);
}
