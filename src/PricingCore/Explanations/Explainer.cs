using System.Globalization;
using PricingCore.Audit;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Explanations;

/// <summary>Explains prices from what was recorded of them, and checks the record by deciding once more.</summary>
/// <threadsafety>Any thread.</threadsafety>
public static class Explainer
{
    /// <summary>Explains a quote just served.</summary>
    /// <param name="quote">The quote; not the default value.</param>
    public static QuoteExplanation Explain(in Quote quote)
    {
        if (quote.Decision is null)
        {
            throw new ArgumentException("The default value is no quote, so there is nothing to explain.", nameof(quote));
        }

        return Explain(quote.Decision, ServedPrice.Of(quote));
    }

    /// <summary>Explains a decision of the audit log, and a quote that was served from it.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="quote">The quote; null to explain the price of the rule's own base price.</param>
    /// <param name="schema">The schema of the features; null leaves them out.</param>
    /// <param name="model">The model that made the forecast; null leaves its contributions out.</param>
    public static QuoteExplanation Explain(AuditedDecision decision, AuditedQuote? quote = null, FeatureSchema? schema = null, ModelExplainer? model = null)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ServedPrice? served = quote is null ? null : new ServedPrice
        {
            BaseMinorUnits = quote.BaseMinorUnits,
            PriceMinorUnits = quote.PriceMinorUnits,
            RequestId = quote.RequestId,
            TraceId = quote.TraceId,
            ServedAt = quote.ServedAt,
            ValidUntil = quote.ValidUntil,
        };
        return Explain(decision.Decision, served, decision.Features, schema, model);
    }

    /// <summary>Explains a decision and a price that was served from it.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="served">The price; null to explain that of the rule's own base price.</param>
    /// <param name="features">The feature row it saw; null when it is not at hand.</param>
    /// <param name="schema">The schema of the features; null leaves them out.</param>
    /// <param name="model">The model that made the forecast; null leaves its contributions out.</param>
    public static QuoteExplanation Explain(
        SurgeDecision decision, ServedPrice? served = null, float[]? features = null, FeatureSchema? schema = null, ModelExplainer? model = null)
    {
        ArgumentNullException.ThrowIfNull(decision);
        PricingRule rule = decision.Rule;
        served ??= new ServedPrice
        {
            BaseMinorUnits = rule.BasePrice.MinorUnits,
            PriceMinorUnits = QuotePrice.Of(rule, rule.BasePrice.MinorUnits, decision.Outcome.Multiplier),
        };
        bool hasFeatures = features is not null && schema is not null && features.Length == schema.Count;
        ForecastContributions? contributions = hasFeatures && FindObstacle(decision, model) is null
            ? model!.Explain(features, decision.Forecast.HorizonMinutes, decision.Forecast)
            : null;
        IReadOnlyList<PriceComponent> breakdown = QuotePrice.Explain(rule, served.BaseMinorUnits, decision.Outcome);
        return new QuoteExplanation
        {
            Sentence = ExplanationSentence.Of(decision, breakdown),
            Decision = decision,
            Served = served,
            Price = new Amount(served.PriceMinorUnits, rule.BasePrice.Currency),
            BasePrice = new Amount(served.BaseMinorUnits, rule.BasePrice.Currency),
            Breakdown = breakdown,
            Features = hasFeatures ? AgesOf(decision, schema!).Explain(features) : [],
            Contributions = contributions,
            Missing = contributions is not null ? null : FindMissing(features, schema) ?? FindObstacle(decision, model),
            Recomputation = Recompute(decision, served),
        };
    }

    /// <summary>Decides and prices once more from what was recorded, and compares: multiplier, factors and limits to the step, prices to the minor unit.</summary>
    /// <remarks>Factors and limits are in steps of 1/10,000, prices in minor units.</remarks>
    /// <param name="decision">The decision as recorded.</param>
    /// <param name="served">The price as recorded; null to look at the decision alone.</param>
    public static Recomputation Recompute(SurgeDecision decision, ServedPrice? served = null)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var differences = new List<RecomputedDifference>();
        SurgeOutcome found = SurgePolicy.Decide(decision.Rule, decision.Inputs);
        SurgeOutcome recorded = decision.Outcome;
        Compare("surge_multiplier", recorded.Multiplier, found.Multiplier);
        for (int i = 0; i < SurgeFactors.Names.Count; i++)
        {
            Compare("factors." + SurgeFactors.Names[i], recorded.Factors[i], found.Factors[i]);
        }

        for (int i = 0; i < SurgeLimitChanges.Names.Count; i++)
        {
            Compare("limits." + SurgeLimitChanges.Names[i], recorded.Limits[i], found.Limits[i]);
        }

        long ruleBase = decision.Rule.BasePrice.MinorUnits;
        Compare("rule_price", decision.RulePriceMinorUnits, QuotePrice.Of(decision.Rule, ruleBase, found.Multiplier));
        if (served is not null)
        {
            Compare("price", served.PriceMinorUnits, QuotePrice.Of(decision.Rule, served.BaseMinorUnits, found.Multiplier));
        }

        // A stale decision has no forecast: its numbers are 0 on both sides.
        Compare("inputs.demand_score", decision.Inputs.DemandScore, (double)decision.Forecast.DemandScore);
        Compare("inputs.demand", decision.Inputs.Demand, (double)decision.Forecast.ExpectedDemand);
        return new Recomputation(differences);

        void Compare<T>(string what, T left, T right)
            where T : struct, IEquatable<T>
        {
            if (!left.Equals(right))
            {
                differences.Add(new RecomputedDifference(what, Text(left), Text(right)));
            }
        }
    }

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static FeatureAges AgesOf(SurgeDecision decision, FeatureSchema schema) => new(
        schema, UnixMicros.From(decision.DecidedAt), decision.Inputs.PreviousSteps is null ? null : decision.Inputs.SincePreviousMicros);

    private static string? FindMissing(float[]? features, FeatureSchema? schema) =>
        features is null ? "The features of this decision were not recorded."
        : schema is null ? "The schema of the features is not at hand."
        : features.Length != schema.Count ? $"The record has {features.Length} features, but the schema '{schema.Name}' has {schema.Count}."
        : null;

    private static string? FindObstacle(SurgeDecision decision, ModelExplainer? model) =>
        decision.ForecastSource != ForecastSource.Model ? "No model made this forecast, so there is nothing to take apart."
        : model is null ? $"The model {decision.ModelVersion} is not at hand, so its forecast is not taken apart."
        : model.ModelVersion != decision.ModelVersion ? $"The forecast is from {decision.ModelVersion}, but the model at hand is {model.ModelVersion}."
        : !model.Supports(decision.Forecast.HorizonMinutes) ? $"{model.ModelVersion} does not predict {decision.Forecast.HorizonMinutes} minutes ahead."
        : null;
}
