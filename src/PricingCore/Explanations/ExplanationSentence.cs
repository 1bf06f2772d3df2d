using System.Globalization;
using System.Text;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Explanations;

/// <summary>Says a price in one sentence of plain words, with every amount that is in it.</summary>
/// <remarks>For example <c>14.25 USD = 12.00 base + 1.20 because demand is high (score 0.81) + 1.05 rounding; the multiplier is 1.1875x.</c></remarks>
/// <threadsafety>Pure functions.</threadsafety>
internal static class ExplanationSentence
{
    public static string Of(SurgeDecision decision, IReadOnlyList<PriceComponent> breakdown)
    {
        Currency currency = decision.Rule.BasePrice.Currency;
        var text = new StringBuilder(new Amount(breakdown.Sum(line => line.MinorUnits), currency).ToString()).Append(" =");
        bool isFirst = true;
        foreach (PriceComponent line in breakdown)
        {
            if (isFirst)
            {
                text.Append(CultureInfo.InvariantCulture, $" {Major(line.MinorUnits)} base");
                isFirst = false;
            }
            else if (line.MinorUnits != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" {(line.MinorUnits < 0 ? '-' : '+')} {Major(Math.Abs(line.MinorUnits))} {Words(line, decision)}");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"; {Bound(decision)}");
        if (Source(decision) is { } source)
        {
            text.Append("; ").Append(source);
        }

        return text.Append('.').ToString();

        string Major(long minorUnits) => new Amount(minorUnits, currency).Major.ToString("F" + currency.Decimals, CultureInfo.InvariantCulture);
    }

    private static string Words(PriceComponent line, SurgeDecision decision)
    {
        PricingRule rule = decision.Rule;
        return line.Component switch
        {
            "demand" => Demand(line.MinorUnits, decision),
            "supply" => Supply(line.MinorUnits, decision.Inputs),
            "time_of_day" => string.Create(CultureInfo.InvariantCulture, $"for the hour from {decision.Inputs.Hour:00}:00"),
            "weather" => Scored("for the weather", decision.Inputs.WeatherScore),
            "events" => decision.Inputs.NearbyEventScore > 0
                ? Scored("because of an event near by", decision.Inputs.NearbyEventScore)
                : "for events, of which there is none near by",
            "limit:clip" or "limit:rule_bounds" => $"to stay within {rule.MinMultiplier.Short()} and {rule.MaxMultiplier.Short()}",
            "limit:smoothing" => "to follow the neighbouring regions",
            "limit:step" => "to change no faster than the rule allows",
            "limit:hysteresis" => "to leave a small change out",
            "limit:experiment" => $"by the experiment '{rule.Experiment?.Name}'",
            "limit:emergency_cap" => $"by the emergency cap of {rule.EmergencyCap?.Short()}",
            "rounding" => "rounding",
            _ => line.Component,
        };
    }

    private static string Demand(long minorUnits, SurgeDecision decision)
    {
        double score = decision.Inputs.DemandScore;
        bool isHigh = score > decision.Rule.Threshold;
        return minorUnits > 0 && isHigh ? Scored("because demand is high", score)
            : minorUnits < 0 && !isHigh ? Scored("because demand is low", score)
            : Scored("for demand", score);
    }

    private static string Supply(long minorUnits, in SurgeInputs inputs)
    {
        string cause = minorUnits > 0 && inputs.AvailableSupply < inputs.Demand ? "because supply is scarce"
            : minorUnits < 0 && inputs.AvailableSupply > inputs.Demand ? "because supply is plentiful"
            : "for supply";
        return string.Create(CultureInfo.InvariantCulture, $"{cause} ({inputs.AvailableSupply:0.#} free for {inputs.Demand:0.#} expected)");
    }

    private static string Bound(SurgeDecision decision)
    {
        SurgeMultiplier multiplier = decision.Outcome.Multiplier;
        SurgeLimitChanges limits = decision.Outcome.Limits;
        int bounded = limits.Clip + limits.RuleBounds;
        return limits.EmergencyCap < 0 ? $"held at {multiplier.Short()} by the emergency cap"
            : bounded < 0 && multiplier == decision.Rule.MaxMultiplier ? $"capped at {multiplier.Short()}"
            : bounded > 0 && multiplier == decision.Rule.MinMultiplier ? $"raised to the least, {multiplier.Short()}"
            : $"the multiplier is {multiplier.Short()}";
    }

    private static string? Source(SurgeDecision decision) =>
        decision.Inputs.IsStale ? "the features were too old, so the rule alone decided"
        : decision.ForecastSource == ForecastSource.Fallback ? "the model had no answer in time, so the seasonal baseline stood in"
        : null;

    private static string Scored(string words, double score) => string.Create(CultureInfo.InvariantCulture, $"{words} (score {score:0.00})");

    /// <summary>With two decimals where they say all: 1.80x.</summary>
    private static string Short(this SurgeMultiplier multiplier) =>
        string.Create(CultureInfo.InvariantCulture, $"{multiplier.Steps / (decimal)SurgeMultiplier.StepsPerOne:0.00##}x");
}
