using PricingCore.Money;
using PricingCore.Rules;

namespace PricingCore.Tests.Rules;

/// <summary>
/// Goal: the right rule is found for every region, product and time, and equal sets have equal hashes.
/// Method: small sets with one rule of each kind, and a large set against a plain search.
/// </summary>
public sealed class RuleSetTests
{
    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset March = January.AddMonths(2);
    private static readonly DateTimeOffset Now = January.AddMonths(1);

    [Theory]
    [InlineData("airport", "xl", 4)]
    [InlineData("airport", "standard", 3)]
    [InlineData("midtown", "xl", 2)]
    [InlineData("midtown", "standard", 1)]
    public void Find_WithRulesOfEveryKind_TakesTheMostSpecific(string region, string product, int price)
    {
        var rules = new RuleSet([Rule("*", "*", 1), Rule("*", "xl", 2), Rule("airport", "*", 3), Rule("airport", "xl", 4)]);
        Assert.Equal(price, rules.Find(region, product, Now)?.BasePrice.MinorUnits);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, 1)]
    [InlineData(58, 1)]
    [InlineData(59, 2)]
    [InlineData(1_000, 3)]
    public void Find_WithRulesOfSeveralDates_TakesTheLatestInEffect(int day, int? price)
    {
        var rules = new RuleSet([Rule("*", "*", 2, March), Rule("*", "*", 3, March.AddYears(1)), Rule("*", "*", 1, January)]);
        Assert.Equal(price, (int?)rules.Find("airport", "xl", January.AddDays(day))?.BasePrice.MinorUnits);
    }

    [Fact]
    public void Find_WhenTheSpecificRuleIsNotYetInEffect_TakesTheNext()
    {
        var rules = new RuleSet([Rule("*", "*", 1, January), Rule("airport", "*", 2, March)]);
        Assert.Equal(1, rules.Find("airport", "xl", Now)?.BasePrice.MinorUnits);
        Assert.Equal(2, rules.Find("airport", "xl", March)?.BasePrice.MinorUnits);
    }

    [Fact]
    public void Find_WhenNoRuleCoversIt_IsNull() => Assert.Null(new RuleSet([Rule("airport", "*", 1)]).Find("midtown", "xl", Now));

    [Fact]
    public void Find_InARandomSet_FindsWhatAPlainSearchFinds() => Draws.Hold(draws =>
    {
        string[] names = ["*", "a", "b"];
        List<PricingRule> all = [];
        for (int i = 0; i < draws.Int(0, 12); i++)
        {
            PricingRule rule = Rule(names[draws.Int(0, 2)], names[draws.Int(0, 2)], i + 1, January.AddDays(draws.Int(0, 5)));
            if (!all.Exists(other => Key(other) == Key(rule)))
            {
                all.Add(rule);
            }
        }

        (string region, string product) = (names[draws.Int(1, 2)], names[draws.Int(1, 2)]);
        DateTimeOffset at = January.AddDays(draws.Int(-1, 6));
        PricingRule? expected = all
            .Where(rule => (rule.RegionId == "*" || rule.RegionId == region) && (rule.ProductType == "*" || rule.ProductType == product))
            .Where(rule => rule.EffectiveFrom <= at)
            .OrderByDescending(rule => rule.RegionId != "*")
            .ThenByDescending(rule => rule.ProductType != "*")
            .ThenByDescending(rule => rule.EffectiveFrom)
            .FirstOrDefault();

        Assert.Same(expected, new RuleSet(all).Find(region, product, at));
    });

    [Fact]
    public void Hash_OfTheSameRulesInAnotherOrder_IsTheSame()
    {
        var forth = new RuleSet([Rule("a", "*", 1), Rule("b", "*", 2)]);
        var back = new RuleSet([Rule("b", "*", 2), Rule("a", "*", 1)]);

        Assert.Equal(forth.Hash, back.Hash);
        Assert.Matches("^[0-9a-f]{64}$", forth.Hash);
        Assert.Equal(forth.Hash[..12], forth.Version);
    }

    [Fact]
    public void Hash_WhenAnyFieldDiffers_Differs()
    {
        PricingRule rule = Rule("a", "x", 100);
        PricingRule[] variants =
        [
            rule,
            rule with { RegionId = "b" },
            rule with { ProductType = "y" },
            rule with { BasePrice = new Amount(101, rule.BasePrice.Currency) },
            rule with { BasePrice = new Amount(100, Currency.FromCode("EUR")) },
            rule with { MinMultiplier = SurgeMultiplier.FromSteps(9_999) },
            rule with { MaxMultiplier = SurgeMultiplier.FromSteps(20_000) },
            rule with { IncrementMinorUnits = 5 },
            rule with { EffectiveFrom = March },
            rule with { Formula = SurgeFormulaKind.Centred },
            rule with { Mode = PricingMode.Additive },
            rule with { Threshold = 0.51 },
            rule with { Slope = 7 },
            rule with { Weights = SurgeWeights.Default with { Weather = 0.2 } },
            rule with { TimeMultipliers = [.. Enumerable.Repeat(1.0, 24)] },
            rule with { MaxStepPerMinute = 100 },
            rule with { Hysteresis = 1 },
            rule with { Smoothing = 0.5 },
            rule with { EmergencyCap = SurgeMultiplier.One },
            rule with { Experiment = new PricingExperiment("e", 0.5, 1) },
            rule with { Experiment = new PricingExperiment("e", 0.5, 2) },
            rule with { Experiment = new PricingExperiment("f", 0.5, 1) },
            rule with { Experiment = new PricingExperiment("e", 0.6, 1) },
        ];
        Assert.Equal(variants.Length, variants.Select(variant => new RuleSet([variant]).Hash).Distinct().Count());
    }

    [Fact]
    public void Constructor_OnWrongRules_ListsEveryError()
    {
        RuleSetException refusal = Assert.Throws<RuleSetException>(() => new RuleSet(
        [
            Rule("", new string('x', 65), 0),
            Rule("a", "*", 1) with
            {
                MinMultiplier = SurgeMultiplier.FromSteps(30_001),
                Threshold = double.NaN,
                Slope = 0,
                Weights = SurgeWeights.Default with { Time = -1, Events = 11 },
                TimeMultipliers = [1, 2],
                MaxStepPerMinute = 0,
                Hysteresis = -1,
                Smoothing = 2,
                IncrementMinorUnits = 0,
                Experiment = new PricingExperiment("", -1, 20_000),
            },
            Rule("a", "*", 2),
            Rule("\uD800", "*", 2) with { BasePrice = default, Formula = (SurgeFormulaKind)9, Mode = (PricingMode)9 },
        ]));

        Assert.Equal(
            [
                "rules[0].region_id", "rules[0].product_type", "rules[0].base_price",
                "rules[1].increment", "rules[1].threshold", "rules[1].slope", "rules[1].max_step_per_minute", "rules[1].hysteresis",
                "rules[1].smoothing", "rules[1].weights.time", "rules[1].weights.event", "rules[1].time_multipliers",
                "rules[1].experiment.name", "rules[1].experiment.share", "rules[1].experiment.change", "rules[1].min_multiplier",
                "rules[2]",
                "rules[3].region_id", "rules[3].currency", "rules[3].base_price", "rules[3].formula", "rules[3].mode",
            ],
            refusal.Errors.Select(error => error.Path));
        Assert.All(refusal.Errors, error => Assert.Equal(0, error.Line));
        Assert.Contains("rules[0].region_id: A text of 0 characters; it must have 1 to 64.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ByNumber_InASetOfAnotherOrder_IsTheSameRule()
    {
        PricingRule[] rules = [Rule("midtown", "xl", 1), Rule("*", "*", 2), Rule("airport", "*", 3), Rule("*", "xl", 4)];
        var forwards = new RuleSet(rules);
        var backwards = new RuleSet([.. rules.Reverse()]);

        Assert.Equal(forwards.Version, backwards.Version);
        Assert.All(Enumerable.Range(0, rules.Length), number => Assert.Same(forwards.ByNumber(number), backwards.ByNumber(number)));
        Assert.All(rules, rule => Assert.Same(rule, forwards.ByNumber(forwards.NumberOf(rule.RegionId, rule.ProductType, Now))));
        Assert.Null(forwards.ByNumber(-1));
        Assert.Null(forwards.ByNumber(rules.Length));
    }

    [Fact]
    public void Find_AfterWarmUp_AllocatesNothing()
    {
        var rules = new RuleSet([Rule("*", "*", 1), Rule("airport", "xl", 4)]);
        rules.Find("airport", "xl", Now);
        rules.Find("midtown", "xl", Now);

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                rules.Find("airport", "xl", Now);
                rules.Find("midtown", "xl", Now);
            }
        }));
    }

    [Theory]
    [InlineData("USD", 25)]
    [InlineData("JPY", 1)]
    [InlineData("KWD", 250)]
    public void IncrementMinorUnits_UnlessSet_FollowsTheCurrency(string code, long increment)
    {
        var rule = new PricingRule { BasePrice = new Amount(1, Currency.FromCode(code)) };
        Assert.Equal(increment, rule.IncrementMinorUnits);
        Assert.Equal(7, (rule with { IncrementMinorUnits = 7 }).IncrementMinorUnits);
    }

    private static (string, string, DateTimeOffset) Key(PricingRule rule) => (rule.RegionId, rule.ProductType, rule.EffectiveFrom);

    private static PricingRule Rule(string region, string product, long price, DateTimeOffset? from = null) => new()
    {
        RegionId = region,
        ProductType = product,
        BasePrice = new Amount(price, Currency.FromCode("USD")),
        EffectiveFrom = from ?? January,
    };
}
