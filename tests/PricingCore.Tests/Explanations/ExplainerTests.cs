using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PricingCore.Explanations;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Explanations;

/// <summary>
/// Goal: an explanation adds up to the price in its lines and in its sentence, and the recomputation finds any change of the record.
/// Method: thousands of random rules and decisions; each recorded number altered in turn; sentences, ages and JSON by example.
/// </summary>
public sealed partial class ExplainerTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 17, 23, 45, TimeSpan.Zero);

    [Fact]
    public void Explain_OfAnyDecision_AddsUpAndAgrees() => Draws.Hold(draws =>
    {
        PricingRule rule = draws.Rule();
        SurgeDecision decision = Decide(rule, draws.Inputs());
        long basePrice = draws.Coin() ? draws.Int(0, 5_000) : draws.Long(0, QuotePrice.MaxBaseMinorUnits);
        long price = QuotePrice.Of(rule, basePrice, decision.Outcome.Multiplier);

        QuoteExplanation found = Explainer.Explain(decision, new ServedPrice { BaseMinorUnits = basePrice, PriceMinorUnits = price });

        Assert.Equal(price, found.Breakdown.Sum(line => line.MinorUnits));
        Assert.True(found.Recomputation.Agrees, string.Join(", ", found.Recomputation.Differences));
        decimal unit = rule.BasePrice.Currency.MinorUnitsPerMajor;
        decimal said = Amounts().Matches(found.Sentence).Sum(match =>
            decimal.Parse(match.Groups["amount"].Value, CultureInfo.InvariantCulture) * (match.Groups["sign"].Value == "-" ? -1 : 1));
        Assert.True(said * unit == price, found.Sentence);
        using var json = JsonDocument.Parse(found.ToJson());
        Assert.Equal(price, json.RootElement.GetProperty("breakdown").EnumerateArray().Sum(line => line.GetProperty("amount").GetInt64()));
        Assert.Equal(price / unit, json.RootElement.GetProperty("price").GetDecimal());
    });

    [Fact]
    public void Explain_OfABusyMarket_SaysItInPlainWords()
    {
        var rule = new PricingRule { BasePrice = new Amount(1_200, Currency.FromCode("USD")), Formula = SurgeFormulaKind.Centred };
        SurgeDecision decision = Decide(rule, new SurgeInputs { DemandScore = 0.81, Demand = 12, AvailableSupply = 3, Hour = 18 });

        QuoteExplanation found = Explainer.Explain(decision);

        Assert.Equal(
            "18.25 USD = 12.00 base + 3.51 because demand is high (score 0.81) + 2.16 because supply is scarce (3 free for 12 expected)"
            + " + 0.48 for the hour from 18:00 + 0.10 rounding; the multiplier is 1.5122x.",
            found.Sentence);
    }

    [Fact]
    public void Explain_AtALimit_NamesIt()
    {
        var rule = new PricingRule
        {
            BasePrice = new Amount(1_000, Currency.FromCode("JPY")),
            MaxMultiplier = SurgeMultiplier.FromSteps(12_000),
        };
        var inputs = new SurgeInputs { DemandScore = 1, Demand = 12, Hour = 3 };

        Assert.EndsWith("to stay within 1.00x and 1.20x; capped at 1.20x.", Explainer.Explain(Decide(rule, inputs)).Sentence, StringComparison.Ordinal);
        PricingRule emergency = rule with { EmergencyCap = SurgeMultiplier.FromSteps(11_000) };
        Assert.EndsWith("held at 1.10x by the emergency cap.", Explainer.Explain(Decide(emergency, inputs)).Sentence, StringComparison.Ordinal);
        Assert.EndsWith(
            "the multiplier is 1.00x; the features were too old, so the rule alone decided.",
            Explainer.Explain(Decide(rule, inputs with { IsStale = true })).Sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Recompute_OfAnAlteredRecord_SaysWhatDiffers()
    {
        var rule = new PricingRule { BasePrice = new Amount(1_200, Currency.FromCode("USD")) };
        var inputs = new SurgeInputs { DemandScore = 0.75, Demand = 12, AvailableSupply = 3, Hour = 18 };
        SurgeOutcome right = SurgePolicy.Decide(rule, inputs);

        Assert.True(Explainer.Recompute(Decide(rule, inputs)).Agrees);
        Finds("surge_multiplier", Decide(rule, inputs, right with { Multiplier = SurgeMultiplier.FromSteps(right.Multiplier.Steps + 1) }));
        Finds("factors.supply", Decide(rule, inputs, right with { Factors = right.Factors with { Supply = right.Factors.Supply - 1 } }));
        Finds("limits.clip", Decide(rule, inputs, right with { Limits = right.Limits with { Clip = 1 } }));
        Finds("inputs.demand_score", Decide(rule, inputs, right, demandScore: 0.5f));
        Finds("factors.demand", Decide(rule with { Threshold = 0.4 }, inputs, right));
        Finds("rule_price", Decide(rule, inputs, right, rulePrice: 1));
        RecomputedDifference price = Assert.Single(
            Explainer.Recompute(Decide(rule, inputs), new ServedPrice { BaseMinorUnits = 1_200, PriceMinorUnits = 1 }).Differences);
        Assert.Equal(("price", "1"), (price.What, price.Recorded));

        static void Finds(string what, SurgeDecision decision) =>
            Assert.Contains(Explainer.Recompute(decision).Differences, difference => difference.What == what);
    }

    [Fact]
    public void Explain_WithFeatures_GivesValueUnitAndAge()
    {
        FeatureSchema schema = FeatureSchema.Mobility;
        float[] row = new float[schema.Count];
        row[schema.IndexOf("weather_age")] = 90;
        row[schema.IndexOf("demand_lag_24h")] = float.NaN;
        var rule = new PricingRule { BasePrice = new Amount(1_200, Currency.FromCode("USD")) };
        SurgeDecision decision = Decide(rule, new SurgeInputs { Hour = 17, PreviousSteps = 12_000, SincePreviousMicros = 30_000_000 });

        QuoteExplanation found = Explainer.Explain(decision, features: row, schema: schema);

        Assert.Equal(schema.Features.Select(feature => feature.Name), found.Features.Select(feature => feature.Name));
        Assert.Equal(TimeSpan.FromSeconds(45), AgeOf("booking_count_1min"));
        Assert.Equal(new TimeSpan(0, 3, 45), AgeOf("booking_count_5min"));
        Assert.Equal(TimeSpan.Zero, AgeOf("booking_count_15min"));
        Assert.Equal(new TimeSpan(0, 23, 45), AgeOf("demand_lag_1h"));
        Assert.Equal(new TimeSpan(23, 23, 45), AgeOf("demand_lag_24h"));
        Assert.Equal(new TimeSpan(0, 1, 45), AgeOf("neighbour_bookings_15min"));
        Assert.Equal(TimeSpan.FromSeconds(90), AgeOf("weather_rain"));
        Assert.Equal(TimeSpan.FromSeconds(30), AgeOf("last_multiplier"));
        Assert.Null(AgeOf("traffic_index"));
        Assert.Equal("No model made this forecast, so there is nothing to take apart.", found.Missing);
        Assert.Equal("The features of this decision were not recorded.", Explainer.Explain(decision).Missing);
        using var json = JsonDocument.Parse(found.ToJson());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("features")[schema.IndexOf("demand_lag_24h")].GetProperty("value").ValueKind);

        TimeSpan? AgeOf(string name) => found.Features[schema.IndexOf(name)].Age;
    }

    [Fact]
    public void Ages_OfDeclaredFeatures_FollowTheirWindows()
    {
        var schema = new FeatureSchema("shop",
        [
            FeatureSchema.Windowed("sold_10m", new WindowedFeature(PricingCore.Events.MarketEventKind.Booking, EventAggregate.Count, WindowKind.Tumbling, 10)),
            FeatureSchema.Windowed("seen_10m", new WindowedFeature(PricingCore.Events.MarketEventKind.View, EventAggregate.Count, WindowKind.Sliding, 10)),
            FeatureSchema.RatioOf("sold_per_view", new FeatureRatio("sold_10m", "seen_10m")),
        ]);

        var ages = new FeatureAges(schema, PricingCore.Numerics.UnixMicros.From(At), null).Explain([1, 2, 0.5f]).Select(feature => feature.Age);

        Assert.Equal([new TimeSpan(0, 3, 45), TimeSpan.Zero, new TimeSpan(0, 3, 45)], ages);
    }

    private static SurgeDecision Decide(PricingRule rule, SurgeInputs inputs, SurgeOutcome? outcome = null, float? demandScore = null, long? rulePrice = null)
    {
        SurgeInputs exact = inputs with { DemandScore = (float)inputs.DemandScore, Demand = (float)inputs.Demand }; // As a forecast has them.
        SurgeOutcome decided = outcome ?? SurgePolicy.Decide(rule, exact);
        return new SurgeDecision
        {
            RegionId = "midtown",
            ProductType = "standard",
            Id = new DecisionId(1, 2),
            DecidedAt = At,
            HoldsUntil = At.AddSeconds(30),
            Outcome = decided,
            Inputs = exact,
            Forecast = new Forecast(demandScore ?? (float)inputs.DemandScore, 0.5f, (float)inputs.Demand, 0, (float)inputs.Demand, 15),
            ForecastSource = ForecastSource.Baseline,
            ModelVersion = "seasonal-naive",
            Rule = rule,
            RulesVersion = "1",
            RulePriceMinorUnits = rulePrice ?? QuotePrice.Of(rule, rule.BasePrice.MinorUnits, decided.Multiplier),
        };
    }

    [GeneratedRegex(@"(?<sign>[=+-]) (?<amount>\d+(\.\d+)?) ")]
    private static partial Regex Amounts();
}
