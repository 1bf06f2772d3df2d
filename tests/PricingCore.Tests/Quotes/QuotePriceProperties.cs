using System.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Quotes;

/// <summary>
/// Goal: every price keeps its cap and floor, lies on the increment nearest to the exact price, and adds up to the minor unit.
/// Method: thousands of random rules, decisions and base prices up to the largest, checked against the definition in big integers.
/// </summary>
public sealed class QuotePriceProperties
{
    private const int Parts = SurgeMultiplier.StepsPerOne;

    [Fact]
    public void Of_Always_IsWithinFloorAndCap() => Draws.Hold(draws =>
    {
        (PricingRule rule, long basePrice, SurgeOutcome outcome) = DrawCase(draws);
        (BigInteger floor, BigInteger cap) = BoundParts(rule, basePrice);

        BigInteger price = (BigInteger)QuotePrice.Of(rule, basePrice, outcome.Multiplier) * Parts;

        Assert.True(price <= cap, $"{price} crosses the cap of {cap}");
        bool aMinorUnitFits = CeilingOf(floor, Parts) * Parts <= cap;
        Assert.True(price >= floor || !aMinorUnitFits, $"{price} is below the floor of {floor}");
    });

    [Fact]
    public void Of_Always_IsTheNearestMultipleInsideTheBounds() => Draws.Hold(draws =>
    {
        (PricingRule rule, long basePrice, SurgeOutcome outcome) = DrawCase(draws);
        (BigInteger floor, BigInteger cap) = BoundParts(rule, basePrice);
        BigInteger exact = ExactParts(rule, basePrice, outcome.Multiplier.Steps);
        BigInteger increment = (BigInteger)rule.IncrementMinorUnits * Parts;
        BigInteger price = (BigInteger)QuotePrice.Of(rule, basePrice, outcome.Multiplier) * Parts;

        BigInteger lowest = CeilingOf(CeilingOf(floor, Parts) * Parts, increment) * increment;
        if (lowest > cap)
        {
            Assert.True(BigInteger.Abs(price - BigInteger.Max(exact, 0)) <= Parts, "no multiple fits, so the price is exact to a minor unit");
            return;
        }

        Assert.Equal(BigInteger.Zero, price % increment);
        foreach (BigInteger other in new[] { price - increment, price + increment })
        {
            if (other >= lowest && other <= cap)
            {
                int nearer = BigInteger.Abs(other - exact).CompareTo(BigInteger.Abs(price - exact));
                Assert.True(nearer > 0 || (nearer == 0 && other < price), $"{other} is nearer to {exact} than {price}");
            }
        }
    });

    [Fact]
    public void Of_RoundedAgain_IsTheSame() => Draws.Hold(draws =>
    {
        (PricingRule rule, long basePrice, SurgeOutcome outcome) = DrawCase(draws);
        long price = QuotePrice.Of(rule, basePrice, outcome.Multiplier);
        Assert.Equal(price, PriceBounds.Of(rule, basePrice).Round(price * Parts, rule.IncrementMinorUnits));
    });

    [Fact]
    public void Of_WhenTheBasePriceRises_NeverFalls() => Draws.Hold(draws =>
    {
        (PricingRule rule, long basePrice, SurgeOutcome outcome) = DrawCase(draws);
        long more = Math.Min(QuotePrice.MaxBaseMinorUnits, basePrice + (draws.Coin() ? draws.Int(1, 100) : draws.Long(1, 1_000_000_000_000)));
        Assert.True(QuotePrice.Of(rule, basePrice, outcome.Multiplier) <= QuotePrice.Of(rule, more, outcome.Multiplier));
    });

    [Fact]
    public void Of_WhenTheDemandScoreRises_NeverFalls() => Draws.Hold(draws =>
    {
        (double left, double right) = (draws.Share(), draws.Share());
        PricingRule rule = draws.Rule();
        SurgeInputs inputs = draws.Inputs();
        long basePrice = draws.Long(0, 10_000);

        long Price(double score) =>
            QuotePrice.Of(rule, basePrice, SurgePolicy.Decide(rule, inputs with { DemandScore = score }).Multiplier);

        Assert.True(Price(Math.Min(left, right)) <= Price(Math.Max(left, right)));
    });

    [Fact]
    public void Explain_Always_AddsUpToThePriceExactly() => Draws.Hold(draws =>
    {
        (PricingRule rule, long basePrice, SurgeOutcome outcome) = DrawCase(draws);

        IReadOnlyList<PriceComponent> lines = QuotePrice.Explain(rule, basePrice, outcome);

        Assert.Equal(QuotePrice.Of(rule, basePrice, outcome.Multiplier), lines.Sum(line => line.MinorUnits));
        Assert.Equal(new PriceComponent("base", basePrice), lines[0]);
        Assert.Equal("rounding", lines[^1].Component);
        string[] expected =
        [
            "base",
            .. outcome.Factors.AsPairs().Where(factor => factor.Steps != 0).Select(factor => factor.Name),
            .. outcome.Limits.AsPairs().Where(limit => limit.Steps != 0).Select(limit => "limit:" + limit.Name),
            "rounding",
        ];
        Assert.Equal(expected, lines.Select(line => line.Component));
    });

    [Fact]
    public void Explain_Always_HasEachLineWithinAMinorUnitOfItsShare() => Draws.Hold(draws =>
    {
        (PricingRule rule, long basePrice, SurgeOutcome outcome) = DrawCase(draws);
        BigInteger perStep = rule.Mode == PricingMode.Additive ? rule.BasePrice.MinorUnits : basePrice;
        Dictionary<string, int> steps = outcome.Factors.AsPairs()
            .Concat(outcome.Limits.AsPairs().Select(limit => ("limit:" + limit.Name, limit.Steps)))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);

        foreach (PriceComponent line in QuotePrice.Explain(rule, basePrice, outcome).Where(line => steps.ContainsKey(line.Component)))
        {
            Assert.True(BigInteger.Abs((BigInteger)line.MinorUnits * Parts - perStep * steps[line.Component]) <= Parts, line.ToString());
        }
    });

    private static (PricingRule Rule, long BasePrice, SurgeOutcome Outcome) DrawCase(Draws draws)
    {
        long basePrice = draws.Coin() ? draws.Int(0, 5_000) : draws.Long(0, QuotePrice.MaxBaseMinorUnits);
        PricingRule rule = draws.Rule();
        return (rule, basePrice, SurgePolicy.Decide(rule, draws.Inputs()));
    }

    private static BigInteger ExactParts(PricingRule rule, long basePrice, int steps) => rule.Mode == PricingMode.Additive
        ? (BigInteger)basePrice * Parts + (BigInteger)rule.BasePrice.MinorUnits * (steps - Parts)
        : (BigInteger)basePrice * steps;

    private static (BigInteger Floor, BigInteger Cap) BoundParts(PricingRule rule, long basePrice)
    {
        int largest = Math.Min(rule.MaxMultiplier.Steps, rule.EmergencyCap?.Steps ?? int.MaxValue);
        int least = Math.Min(rule.MinMultiplier.Steps, largest);
        return (BigInteger.Max(0, ExactParts(rule, basePrice, least)), BigInteger.Max(0, ExactParts(rule, basePrice, largest)));
    }

    private static BigInteger CeilingOf(BigInteger dividend, BigInteger divisor) => (dividend + divisor - 1) / divisor;
}
