using PricingCore.Money;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Tests.Surge;

/// <summary>
/// Goal: each formula and each limit does what its sentence says.
/// Method: one limit at a time, with numbers that can be checked in the head.
/// </summary>
public sealed class SurgePolicyTests
{
    private const long Minute = 60_000_000;

    private static readonly PricingRule Centred = new()
    {
        BasePrice = new Amount(1_000, Currency.FromCode("USD")),
        Formula = SurgeFormulaKind.Centred,
    };

    private static readonly PricingRule Reference = Centred with { Formula = SurgeFormulaKind.Reference };

    // A usual market: 1.0000 in the centred formula.
    private static readonly SurgeInputs Usual = new() { DemandScore = 0.5, Demand = 10, AvailableSupply = 10, Hour = 12 };

    // No unit free: 1.3000 in the centred formula.
    private static readonly SurgeInputs Scarce = Usual with { AvailableSupply = 0 };

    [Fact]
    public void Decide_InAUsualMarket_IsOneWhenCentred()
    {
        SurgeOutcome outcome = SurgePolicy.Decide(Centred, Usual);
        Assert.Equal((SurgeMultiplier.One, default, default), (outcome.Multiplier, outcome.Factors, outcome.Limits));
    }

    [Fact]
    public void Decide_InADeadMarket_IsOneWhenCentredAndAboveOnePointThreeByReference()
    {
        var dead = new SurgeInputs { DemandScore = 0, Demand = 0, AvailableSupply = 5, Hour = 3 };

        SurgeOutcome centred = SurgePolicy.Decide(Centred, dead);
        Assert.Equal((SurgeMultiplier.One, -3_000), (centred.Multiplier, centred.Factors.Supply));
        Assert.True(centred.Factors.Sum < 0);

        SurgeOutcome reference = SurgePolicy.Decide(Reference, dead);
        Assert.Equal((0, 2_000, 1_000), (reference.Factors.Supply, reference.Factors.TimeOfDay, reference.Factors.Events));
        Assert.Equal(14_510, reference.Multiplier.Steps); // 1.3 + 0.4 * sigmoid(-0.5)
    }

    [Fact]
    public void Decide_ByReference_LeavesTheWeatherOut() =>
        Assert.Equal(SurgePolicy.Decide(Reference, Usual), SurgePolicy.Decide(Reference, Usual with { WeatherScore = 1 }));

    [Theory]
    [InlineData(7, 2_400)]
    [InlineData(8, 2_400)]
    [InlineData(9, 2_000)]
    [InlineData(17, 2_400)]
    [InlineData(18, 2_400)]
    [InlineData(19, 2_000)]
    public void Decide_ByReference_RaisesTheRushHours(int hour, int steps) =>
        Assert.Equal(steps, SurgePolicy.Decide(Reference, Usual with { Hour = hour }).Factors.TimeOfDay);

    [Fact]
    public void Decide_OnStaleInputs_LeavesTheRuleAlone()
    {
        SurgeOutcome stale = SurgePolicy.Decide(Reference with { MinMultiplier = SurgeMultiplier.FromSteps(11_000), Smoothing = 1 }, Scarce with
        {
            IsStale = true,
            NeighbourSteps = 30_000,
        });
        Assert.Equal((11_000, default, 1_000), (stale.Multiplier.Steps, stale.Factors, stale.Limits.Clip));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Decide_OnANumberThatIsNotFinite_TreatsItAsStale(double number)
    {
        SurgeInputs[] wrong =
        [
            Scarce with { DemandScore = number },
            Scarce with { Demand = number },
            Scarce with { AvailableSupply = number },
            Scarce with { NearbyEventScore = number },
            Scarce with { WeatherScore = number },
            Scarce with { Hour = 24 },
            Scarce with { Hour = -1 },
        ];
        Assert.All(wrong, inputs => Assert.Equal(default, SurgePolicy.Decide(Reference, inputs).Factors));
    }

    [Fact]
    public void Decide_AboveTheLargestMultiplier_IsClipped()
    {
        SurgeOutcome outcome = SurgePolicy.Decide(Centred with { MaxMultiplier = SurgeMultiplier.FromSteps(12_000) }, Scarce);
        Assert.Equal((12_000, 3_000, -1_000), (outcome.Multiplier.Steps, outcome.Factors.Supply, outcome.Limits.Clip));
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, -1_500)]
    [InlineData(1.0, -3_000)]
    public void Decide_WithSmoothing_IsPulledToTheNeighbours(double share, int change) =>
        Assert.Equal(change, SurgePolicy.Decide(Centred with { Smoothing = share }, Scarce with { NeighbourSteps = 10_000 }).Limits.Smoothing);

    [Theory]
    [InlineData(10_000, 30, 10_500)]
    [InlineData(10_000, 60, 11_000)]
    [InlineData(10_000, 600, 13_000)]
    [InlineData(20_000, 60, 19_000)]
    [InlineData(10_000, 0, 10_000)]
    [InlineData(12_500, 60, 13_000)]
    public void Decide_WithALargestStep_MovesAtMostThatFar(int previous, int seconds, int expected)
    {
        SurgeInputs inputs = Scarce with { PreviousSteps = previous, SincePreviousMicros = seconds * 1_000_000L };
        Assert.Equal(expected, SurgePolicy.Decide(Centred with { MaxStepPerMinute = 1_000 }, inputs).Multiplier.Steps);
    }

    [Theory]
    [InlineData(12_501, 12_501)]
    [InlineData(12_500, 13_000)]
    [InlineData(13_499, 13_499)]
    [InlineData(13_500, 13_000)]
    public void Decide_WithHysteresis_FollowsOnlyLargerChanges(int previous, int expected) =>
        Assert.Equal(expected, SurgePolicy.Decide(Centred with { Hysteresis = 500 }, Scarce with { PreviousSteps = previous }).Multiplier.Steps);

    [Fact]
    public void Decide_WithAStepBelowTheHysteresis_StillMoves()
    {
        PricingRule rule = Centred with { Hysteresis = 500, MaxStepPerMinute = 100 };
        SurgeOutcome outcome = SurgePolicy.Decide(rule, Scarce with { PreviousSteps = 10_000, SincePreviousMicros = Minute });
        Assert.Equal((10_100, -2_900, 0), (outcome.Multiplier.Steps, outcome.Limits.Step, outcome.Limits.Hysteresis));
    }

    [Fact]
    public void Decide_InAnExperiment_AddsItsChangeOnce()
    {
        PricingRule rule = Centred with { Experiment = new PricingExperiment("spring", 1, 1_000), MaxStepPerMinute = 100 };
        SurgeOutcome first = SurgePolicy.Decide(rule, Scarce);
        SurgeOutcome second = SurgePolicy.Decide(rule, Scarce with { PreviousSteps = first.Multiplier.Steps, SincePreviousMicros = Minute });
        Assert.Equal((14_000, 14_000, 1_000), (first.Multiplier.Steps, second.Multiplier.Steps, second.Limits.Experiment));
    }

    [Fact]
    public void Decide_WhenAnExperimentCrossesABound_IsBoundAgain()
    {
        PricingRule rule = Centred with { Experiment = new PricingExperiment("spring", 1, -5_000) };
        SurgeOutcome outcome = SurgePolicy.Decide(rule, Scarce);
        Assert.Equal((10_000, -5_000, 2_000), (outcome.Multiplier.Steps, outcome.Limits.Experiment, outcome.Limits.RuleBounds));
    }

    [Fact]
    public void Includes_OverManyRegions_TakesItsShareAndSticks()
    {
        var tenth = new PricingExperiment("spring", 0.1, 100);
        var other = new PricingExperiment("summer", 0.1, 100);
        ulong[] regions = [.. Enumerable.Range(0, 100_000).Select(i => (ulong)i)];

        ulong[] taken = [.. regions.Where(tenth.Includes)];

        Assert.InRange(taken.Length, 9_500, 10_500);
        Assert.Equal(taken, regions.Where(tenth.Includes));
        Assert.InRange(taken.Count(other.Includes), 800, 1_200); // Another name draws afresh.
        Assert.DoesNotContain(regions, new PricingExperiment("spring", 0, 100).Includes);
        Assert.All(regions, region => Assert.True(new PricingExperiment("spring", 1, 100).Includes(region)));
    }

    [Theory]
    [InlineData(12_000, 12_000, -1_000)]
    [InlineData(8_000, 8_000, -5_000)]
    [InlineData(20_000, 13_000, 0)]
    public void Decide_WithAnEmergencyCap_EndsThere(int cap, int expected, int change)
    {
        SurgeOutcome outcome = SurgePolicy.Decide(Centred with { EmergencyCap = SurgeMultiplier.FromSteps(cap) }, Scarce);
        Assert.Equal((expected, change), (outcome.Multiplier.Steps, outcome.Limits.EmergencyCap));
    }

    [Fact]
    public void Decide_AfterTheBoundsWereLowered_StartsFromTheNewBound()
    {
        PricingRule rule = Centred with { MaxMultiplier = SurgeMultiplier.FromSteps(20_000), MaxStepPerMinute = 100 };
        Assert.Equal(19_900, SurgePolicy.Decide(rule, Scarce with { PreviousSteps = 30_000, SincePreviousMicros = Minute }).Multiplier.Steps);
    }

    [Fact]
    public void ToFactors_OfEqualRests_SumsToTheRoundedMultiplier()
    {
        // Five times 0.00005 is 2.5 steps, rounded once to 3: rounding each would give 5 or 0.
        var terms = new SurgeTerms(0.00005, 0.00005, 0.00005, 0.00005, 0.00005, 1.00025);
        Assert.Equal(3, terms.ToFactors().Sum);
    }

    [Fact]
    public void Names_Always_AreThoseOfTheAnswers()
    {
        Assert.Equal(["demand", "supply", "time_of_day", "weather", "events"], SurgeFactors.Names);
        Assert.Equal(["clip", "smoothing", "step", "hysteresis", "experiment", "rule_bounds", "emergency_cap"], SurgeLimitChanges.Names);
        Assert.Equal([1, 2, 3, 4, 5], new SurgeFactors(1, 2, 3, 4, 5).AsPairs().Select(pair => pair.Steps));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], new SurgeLimitChanges(1, 2, 3, 4, 5, 6, 7).AsPairs().Select(pair => pair.Steps));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(SurgeFactors)[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => default(SurgeLimitChanges)[7]);
    }

    [Fact]
    public void Decide_AfterWarmUp_AllocatesNothing()
    {
        PricingRule rule = Reference with
        {
            Smoothing = 0.2,
            MaxStepPerMinute = 500,
            Hysteresis = 100,
            Experiment = new PricingExperiment("spring", 0.5, 100),
            EmergencyCap = SurgeMultiplier.FromSteps(20_000),
        };
        SurgeInputs inputs = Scarce with { NeighbourSteps = 12_000, PreviousSteps = 11_000, SincePreviousMicros = Minute };
        SurgePolicy.Decide(rule, inputs);

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                SurgePolicy.Decide(rule, inputs);
            }
        }));
    }
}
