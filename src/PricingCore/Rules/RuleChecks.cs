using System.Globalization;

namespace PricingCore.Rules;

/// <summary>The legal range of every field of a rule.</summary>
internal static class RuleChecks
{
    public const int MaxIdLength = 64;
    public const long MaxMinorUnits = 1_000_000_000_000; // With a multiplier of 100 in steps, products still fit in a long.

    /// <summary>What is wrong with a rule: the field, the other field it was compared with, and a sentence.</summary>
    public static IEnumerable<(string Field, string? ComparedWith, string Message)> Check(PricingRule rule)
    {
        foreach ((string field, string message) in CheckFields(rule))
        {
            yield return (field, null, message);
        }

        if (rule.MinMultiplier > rule.MaxMultiplier)
        {
            yield return (RuleFields.MinMultiplier, RuleFields.MaxMultiplier, string.Create(
                CultureInfo.InvariantCulture,
                $"{rule.MinMultiplier.Steps / 10_000m} is above max_multiplier, {rule.MaxMultiplier.Steps / 10_000m}; it must be from 0 to that."));
        }
    }

    /// <summary>Whether a text is made of whole Unicode characters and not too long.</summary>
    public static string? CheckId(string? id)
    {
        if (string.IsNullOrEmpty(id) || id.Length > MaxIdLength)
        {
            return string.Create(CultureInfo.InvariantCulture, $"A text of {id?.Length ?? 0} characters; it must have 1 to {MaxIdLength}.");
        }

        for (int i = 0; i < id.Length; i++)
        {
            if (char.IsSurrogatePair(id, i))
            {
                i++;
            }
            else if (char.IsSurrogate(id[i]) || char.IsControl(id[i]))
            {
                return "The text holds half a Unicode character or a control character; it must be printable text.";
            }
        }

        return null;
    }

    private static IEnumerable<(string Field, string Message)> CheckFields(PricingRule rule)
    {
        foreach ((string field, string? wrong) in new[]
        {
            (RuleFields.RegionId, CheckId(rule.RegionId)),
            (RuleFields.ProductType, CheckId(rule.ProductType)),
            (RuleFields.Currency, rule.BasePrice.Currency == default ? "There is no currency; it must be an ISO 4217 code such as USD." : null),
            (RuleFields.BasePrice, Range(rule.BasePrice.MinorUnits, 1, MaxMinorUnits, "minor units")),
            (RuleFields.Increment, Range(rule.IncrementMinorUnits, 1, MaxMinorUnits, "minor units")),
            (RuleFields.Formula, Enum.IsDefined(rule.Formula) ? null : "It must be reference or centred."),
            (RuleFields.Mode, Enum.IsDefined(rule.Mode) ? null : "It must be multiplicative or additive."),
            (RuleFields.Threshold, Range(rule.Threshold, 0, 1)),
            (RuleFields.Slope, Range(rule.Slope, 0.1, 100)),
            (RuleFields.MaxStepPerMinute, Range(rule.MaxStepPerMinute ?? 1, 1, 1_000_000, "steps of 0.0001")),
            (RuleFields.Hysteresis, Range(rule.Hysteresis, 0, 1_000_000, "steps of 0.0001")),
            (RuleFields.Smoothing, Range(rule.Smoothing, 0, 1)),
        })
        {
            if (wrong is not null)
            {
                yield return (field, wrong);
            }
        }

        foreach ((string, string) error in CheckWeights(rule.Weights)
            .Concat(CheckHours(rule.TimeMultipliers))
            .Concat(CheckExperiment(rule.Experiment)))
        {
            yield return error;
        }
    }

    private static IEnumerable<(string Field, string Message)> CheckWeights(SurgeWeights? weights)
    {
        if (weights is null)
        {
            yield return (RuleFields.Weights, "There are no weights.");
            yield break;
        }

        double[] values = [weights.Demand, weights.Supply, weights.Time, weights.Events, weights.Weather];
        for (int i = 0; i < values.Length; i++)
        {
            if (Range(values[i], 0, 10) is string wrong)
            {
                yield return ($"{RuleFields.Weights}.{RuleFields.OfWeights[i]}", wrong);
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> CheckHours(IReadOnlyList<double>? multipliers)
    {
        if (multipliers is not { Count: 24 })
        {
            string message = string.Create(CultureInfo.InvariantCulture, $"{multipliers?.Count ?? 0} numbers; there must be 24, one an hour.");
            yield return (RuleFields.TimeMultipliers, message);
            yield break;
        }

        for (int hour = 0; hour < 24; hour++)
        {
            if (Range(multipliers[hour], 0, 10) is string wrong)
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"{RuleFields.TimeMultipliers}.{hour}"), wrong);
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> CheckExperiment(PricingExperiment? experiment)
    {
        if (experiment is null)
        {
            yield break;
        }

        if (CheckId(experiment.Name) is string name)
        {
            yield return ($"{RuleFields.Experiment}.{RuleFields.ExperimentName}", name);
        }

        if (Range(experiment.Share, 0, 1) is string share)
        {
            yield return ($"{RuleFields.Experiment}.{RuleFields.ExperimentShare}", share);
        }

        if (Range(experiment.ChangeSteps, -10_000, 10_000, "steps of 0.0001") is string change)
        {
            yield return ($"{RuleFields.Experiment}.{RuleFields.ExperimentChange}", change);
        }
    }

    private static string? Range(double value, double least, double largest) =>
        value >= least && value <= largest
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{value} is not from {least} to {largest}.");

    private static string? Range(long value, long least, long largest, string unit) =>
        value >= least && value <= largest
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{value} {unit} is not from {least} to {largest}.");
}
