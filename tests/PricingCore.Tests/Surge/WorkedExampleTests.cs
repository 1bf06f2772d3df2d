using System.Globalization;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Surge;

/// <summary>
/// Goal: docs/surge.md is true.
/// Method: each worked example is computed, and the line that it makes must stand in the page.
/// </summary>
public sealed class WorkedExampleTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "surge.md"));

    private static readonly SurgeInputs Quiet = new() { DemandScore = 0.20, Demand = 4, AvailableSupply = 12, Hour = 3 };

    private static readonly SurgeInputs Busy = new()
    {
        DemandScore = 0.90,
        Demand = 30,
        AvailableSupply = 10,
        Hour = 18,
        NearbyEventScore = 0.6,
        WeatherScore = 0.4,
    };

    [Theory]
    [InlineData("reference, quiet", 15_452)]
    [InlineData("reference, busy", 18_345)]
    [InlineData("centred, quiet", 10_000)]
    [InlineData("centred, busy", 15_935)]
    public void Decide_OnTheRegionsOfThePage_GivesItsNumbers(string name, int steps)
    {
        PricingRule rule = Dollars(name.StartsWith("centred", StringComparison.Ordinal) ? SurgeFormulaKind.Centred : SurgeFormulaKind.Reference);

        SurgeOutcome outcome = SurgePolicy.Decide(rule, name.EndsWith("quiet", StringComparison.Ordinal) ? Quiet : Busy);

        Assert.Equal(steps, outcome.Multiplier.Steps);
        SurgeFactors f = outcome.Factors;
        AssertOnPage($"| {name} | {f.Demand} | {f.Supply} | {f.TimeOfDay} | {f.Weather} | {f.Events} | {10_000 + f.Sum} |");
        AssertOnPage($"**{(steps / 10_000m).ToString("0.0000", CultureInfo.InvariantCulture)}**");
    }

    [Fact]
    public void Terms_OfTheRegionsOfThePage_AreItsSums()
    {
        foreach ((SurgeFormulaKind formula, SurgeInputs inputs) in new[]
        {
            (SurgeFormulaKind.Reference, Quiet), (SurgeFormulaKind.Reference, Busy), (SurgeFormulaKind.Centred, Quiet), (SurgeFormulaKind.Centred, Busy),
        })
        {
            SurgeTerms terms = SurgeFormula.Terms(Dollars(formula), inputs);
            AssertOnPage($"times 0.4 is {terms.Demand.ToString("0.000000", CultureInfo.InvariantCulture)}");
            AssertOnPage($"Together {terms.Multiplier.ToString("0.000000", CultureInfo.InvariantCulture)}, which is");
        }
    }

    [Fact]
    public void Decide_WithEveryLimitOfThePage_GivesItsNumbers()
    {
        SurgeOutcome outcome = SurgePolicy.Decide(Limited, LimitedInputs);

        Assert.Equal(new SurgeLimitChanges(0, -734, -1_701, 0, 500, 0, -1_000), outcome.Limits);
        Assert.Equal(13_000, outcome.Multiplier.Steps);
        int steps = SurgeMultiplier.StepsPerOne + outcome.Factors.Sum;
        foreach ((string name, int change) in outcome.Limits.AsPairs())
        {
            steps += change;
            string row = Page.Split('\n').Single(line => line.StartsWith($"| {name}", StringComparison.Ordinal) && !line.Contains("limit:", StringComparison.Ordinal));
            Assert.EndsWith($" | {change} | {steps} |", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Explain_OfTheBusyRegionOfThePage_GivesItsLines()
    {
        IReadOnlyList<PriceComponent> lines = QuotePrice.Explain(Limited, 1_200, SurgePolicy.Decide(Limited, LimitedInputs));

        Assert.Equal(1_550, lines.Sum(line => line.MinorUnits));
        AssertOnPage(string.Join('\n', lines.Select(line => $"| {line.Component} | {line.MinorUnits} |").Prepend("| line | cents |\n|---|--:|")));
    }

    [Theory]
    [InlineData("12.00", "USD", 18_345, 30_000, "22.00")]
    [InlineData("12.00", "USD", 15_935, 30_000, "19.00")]
    [InlineData("10.00", "USD", 14_125, 30_000, "14.25")]
    [InlineData("10.10", "USD", 15_000, 15_000, "15.00")]
    [InlineData("10.10", "USD", 10_000, 15_000, "10.25")]
    [InlineData("0.30", "USD", 12_000, 15_000, "0.36")]
    [InlineData("1200", "JPY", 15_935, 30_000, "1912")]
    [InlineData("1.500", "KWD", 15_935, 30_000, "2.500")]
    public void Of_TheBasesOfThePage_GivesItsPrices(string basePrice, string code, int steps, int largest, string price)
    {
        var amount = Amount.FromMajor(decimal.Parse(basePrice, CultureInfo.InvariantCulture), Currency.FromCode(code));
        var rule = new PricingRule { BasePrice = amount, MaxMultiplier = SurgeMultiplier.FromSteps(largest) };

        var charged = amount with { MinorUnits = QuotePrice.Of(rule, amount.MinorUnits, SurgeMultiplier.FromSteps(steps)) };

        Assert.Equal($"{price} {code}", charged.ToString());
        string multiplier = (steps / 10_000m).ToString("0.0000", CultureInfo.InvariantCulture);
        string row = Page.Split('\n').Single(line => line.StartsWith($"| {basePrice} {code} | {multiplier} |", StringComparison.Ordinal));
        Assert.Contains($"| {charged} |", row, StringComparison.Ordinal);
    }

    private static PricingRule Limited => Dollars(SurgeFormulaKind.Centred) with
    {
        Smoothing = 0.25,
        MaxStepPerMinute = 2_000,
        Hysteresis = 200,
        Experiment = new PricingExperiment("spring", 1, 500),
        EmergencyCap = SurgeMultiplier.FromSteps(13_000),
    };

    private static SurgeInputs LimitedInputs => Busy with { NeighbourSteps = 13_000, PreviousSteps = 12_000, SincePreviousMicros = 60_000_000 };

    private static PricingRule Dollars(SurgeFormulaKind formula) =>
        new() { BasePrice = new Amount(1_200, Currency.FromCode("USD")), Formula = formula };

    private static void AssertOnPage(string text) => Assert.Contains(text, Page, StringComparison.Ordinal);
}
