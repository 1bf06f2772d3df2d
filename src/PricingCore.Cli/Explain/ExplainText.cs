using System.Globalization;
using System.Text;
using PricingCore.Explanations;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Cli.Explain;

/// <summary>An explanation as plain lines for a person to read.</summary>
internal static class ExplainText
{
    private const int ContributionsShown = 12;

    public static string Of(QuoteExplanation explanation)
    {
        var text = new StringBuilder(explanation.Sentence).Append("\n\n");
        Waterfall(text, explanation);
        Circumstances(text, explanation);
        Contributions(text, explanation.Contributions);
        Features(text, explanation.Features);
        if (explanation.Missing is { } missing)
        {
            text.Append('\n').Append(missing).Append('\n');
        }

        Recomputed(text, explanation.Recomputation);
        return text.ToString().TrimEnd();
    }

    private static void Waterfall(StringBuilder text, QuoteExplanation explanation)
    {
        Currency currency = explanation.Price.Currency;
        foreach (PriceComponent line in explanation.Breakdown)
        {
            Row(line.Component, line.MinorUnits);
        }

        Row("price", explanation.Price.MinorUnits);
        text.Append('\n');

        void Row(string name, long minorUnits) => text.Append(
            CultureInfo.InvariantCulture, $"{name,-22}{new Amount(minorUnits, currency).Major.ToString("F" + currency.Decimals, CultureInfo.InvariantCulture),14}\n");
    }

    private static void Circumstances(StringBuilder text, QuoteExplanation explanation)
    {
        SurgeDecision decision = explanation.Decision;
        ServedPrice served = explanation.Served;
        Line(text, "decision", decision.Id.ToString());
        Line(text, "decided at", Time(decision.DecidedAt));
        Line(text, "request", served.RequestId);
        Line(text, "trace", served.TraceId);
        Line(text, "served at", served.ServedAt is { } servedAt ? Time(servedAt) : null);
        Line(text, "valid until", served.ValidUntil is { } validUntil ? Time(validUntil) : null);
        Line(text, "for", $"{decision.ProductType} in {decision.RegionId}");
        Line(text, "multiplier", decision.Outcome.Multiplier.ToString());
        string limits = string.Join(", ", decision.Outcome.Limits.AsPairs().Where(limit => limit.Steps != 0)
            .Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Name} {limit.Steps / 10_000m:+0.0000;-0.0000}")));
        Line(text, "limits", limits.Length == 0 ? "none applied" : limits);
        Line(text, "forecast", string.Create(
            CultureInfo.InvariantCulture,
            $"{decision.Forecast.ExpectedDemand:0.##} expected in {decision.Forecast.HorizonMinutes} min ({decision.Forecast.Low:0.##} to {decision.Forecast.High:0.##}), score {decision.Forecast.DemandScore:0.000}, by {decision.ModelVersion} ({decision.ForecastSource})"));
        Line(text, "rules", decision.RulesVersion);
    }

    private static void Contributions(StringBuilder text, ForecastContributions? found)
    {
        if (found is null)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\nWhat moved the forecast of {found.ModelVersion}, {found.HorizonMinutes} min ahead\n");
        Row("on average", "", found.BaseValue);
        foreach (FeatureContribution part in found.Contributions.Take(ContributionsShown))
        {
            Row(part.Feature, float.IsNaN(part.Value) ? "missing" : part.Value.ToString("0.###", CultureInfo.InvariantCulture), part.Contribution);
        }

        if (found.Contributions.Count > ContributionsShown)
        {
            Row($"{found.Contributions.Count - ContributionsShown} more", "", found.Contributions.Skip(ContributionsShown).Sum(part => part.Contribution));
        }

        Row("rounding", "", found.RoundingDifference);
        Row("prediction", "", found.Prediction);
        if (!found.IsThePricedForecast)
        {
            text.Append("The priced forecast was made from an earlier row of the region, so it differs a little from this one.\n");
        }

        void Row(string name, string value, double contribution) =>
            text.Append(CultureInfo.InvariantCulture, $"  {name,-30}{value,12}{contribution,12:+0.00000;-0.00000;0.00000}\n");
    }

    private static void Features(StringBuilder text, IReadOnlyList<ExplainedFeature> features)
    {
        if (features.Count == 0)
        {
            return;
        }

        text.Append("\nFeatures\n");
        foreach (ExplainedFeature feature in features)
        {
            string value = float.IsNaN(feature.Value) ? "missing" : feature.Value.ToString("0.###", CultureInfo.InvariantCulture);
            string age = feature.Age is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:0} s old") : "age not known";
            text.Append(CultureInfo.InvariantCulture, $"  {feature.Name,-30}{value,12} {feature.Unit,-11}{age,16}\n");
        }
    }

    private static void Recomputed(StringBuilder text, Recomputation recomputation)
    {
        text.Append(recomputation.Agrees ? "\nDecided once more from the record: the same, to the last unit.\n" : "\nDecided once more from the record, this differs:\n");
        foreach (RecomputedDifference difference in recomputation.Differences)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {difference.What}: recorded {difference.Recorded}, recomputed {difference.Recomputed}\n");
        }
    }

    private static void Line(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name,-12} {value}\n");
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
