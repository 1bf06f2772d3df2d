using System.Globalization;
using PricingCore.Money;

namespace PricingCore.Rules;

/// <summary>Makes a rule from the fields of its JSON object.</summary>
/// <remarks>What is wrong is noted, and a legal value stands in, so that reading goes on.</remarks>
internal static class RuleFieldReader
{
    private const int StepDecimals = 4; // Multipliers are steps of 1/10,000.

    private static readonly string[] HourNames = [.. Enumerable.Range(0, 24).Select(hour => hour.ToString(CultureInfo.InvariantCulture))];
    private static readonly string[] DateFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Reads a rule.</summary>
    /// <param name="fields">The fields of the rule.</param>
    /// <param name="weights">The fields of its weights; null when it has none.</param>
    /// <param name="hours">The fields of its time multipliers; null when it has none.</param>
    /// <param name="experiment">The fields of its experiment; null when it has none.</param>
    public static PricingRule Read(PlacedFields fields, out PlacedFields? weights, out PlacedFields? hours, out PlacedFields? experiment)
    {
        Currency currency = ReadCurrency(fields);
        long basePrice = ReadRequiredUnits(fields, RuleFields.BasePrice, currency);
        var rule = new PricingRule
        {
            RegionId = ReadRequiredText(fields, RuleFields.RegionId),
            ProductType = ReadRequiredText(fields, RuleFields.ProductType),
            BasePrice = new Amount(basePrice, currency),
            EffectiveFrom = ReadDate(fields),
            Formula = (SurgeFormulaKind)ReadWord(fields, RuleFields.Formula, ["reference", "centred"]),
            Mode = (PricingMode)ReadWord(fields, RuleFields.Mode, ["multiplicative", "additive"]),
            Threshold = fields.Number(RuleFields.Threshold, 0.5),
            Slope = fields.Number(RuleFields.Slope, 6),
            Smoothing = fields.Number(RuleFields.Smoothing, 0),
            Weights = ReadWeights(fields, out weights),
            TimeMultipliers = ReadHours(fields, out hours),
            MinMultiplier = ReadMultiplier(fields, RuleFields.MinMultiplier) ?? SurgeMultiplier.One,
            MaxMultiplier = ReadMultiplier(fields, RuleFields.MaxMultiplier) ?? SurgeMultiplier.FromSteps(30_000),
            EmergencyCap = ReadMultiplier(fields, RuleFields.EmergencyCap),
            MaxStepPerMinute = ReadSteps(fields, RuleFields.MaxStepPerMinute, 1, SurgeMultiplier.MaxSteps),
            Hysteresis = ReadSteps(fields, RuleFields.Hysteresis, 0, SurgeMultiplier.MaxSteps) ?? 0,
            Experiment = ReadExperiment(fields, out experiment),
        };

        // Without a currency nobody knows how many decimals are legal, and the missing currency is an error already.
        long? increment = currency == default ? null : fields.Units(RuleFields.Increment, currency.Decimals, 1, RuleChecks.MaxMinorUnits);
        return increment is long minorUnits ? rule with { IncrementMinorUnits = minorUnits } : rule;
    }

    private static string ReadRequiredText(PlacedFields fields, string field)
    {
        if (!fields.Has(field))
        {
            fields.Fail(field, "The field is missing; it must be a text of 1 to 64 characters, or * for all.");
        }

        return fields.Text(field) ?? PricingRule.Any;
    }

    private static Currency ReadCurrency(PlacedFields fields)
    {
        string? code = fields.Text(RuleFields.Currency);
        if (Currency.TryFromCode(code, out Currency currency))
        {
            return currency;
        }

        if (!fields.HasFailed(RuleFields.Currency))
        {
            string what = code is null ? "The field is missing" : $"'{PlacedJson.Shorten(code)}' is not known";
            fields.Fail(RuleFields.Currency, what + "; it must be an ISO 4217 code in capitals, such as USD, JPY or KWD.");
        }

        return default;
    }

    private static long ReadRequiredUnits(PlacedFields fields, string field, Currency currency)
    {
        if (!fields.Has(field))
        {
            fields.Fail(field, "The field is missing; it must be a number above 0, in major units of the currency.");
            return 1;
        }

        return currency == default ? 1 : fields.Units(field, currency.Decimals, 1, RuleChecks.MaxMinorUnits) ?? 1;
    }

    private static SurgeMultiplier? ReadMultiplier(PlacedFields fields, string field) =>
        ReadSteps(fields, field, 0, SurgeMultiplier.MaxSteps) is int steps ? SurgeMultiplier.FromSteps(steps) : null;

    private static int? ReadSteps(PlacedFields fields, string field, int least, int largest) =>
        (int?)fields.Units(field, StepDecimals, least, largest);

    // The words are in the order of the enumeration, whose first value is the default.
    private static int ReadWord(PlacedFields fields, string field, string[] words)
    {
        if (fields.Text(field) is not string text)
        {
            return 0;
        }

        int index = Array.IndexOf(words, text);
        if (index < 0)
        {
            fields.Fail(field, $"'{PlacedJson.Shorten(text)}' is not known; it must be {string.Join(" or ", words)}.");
        }

        return Math.Max(index, 0);
    }

    private static DateTimeOffset ReadDate(PlacedFields fields)
    {
        if (fields.Text(RuleFields.EffectiveDate) is not string text)
        {
            return DateTimeOffset.UnixEpoch;
        }

        // A time without an offset means another moment on each machine.
        bool hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        if (hasOffset
            && DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset date))
        {
            return date.ToUniversalTime();
        }

        fields.Fail(
            RuleFields.EffectiveDate,
            $"'{PlacedJson.Shorten(text)}' is not a time; it must be like 2026-01-01T00:00:00Z or 2026-01-01T00:00:00+02:00.");
        return DateTimeOffset.UnixEpoch;
    }

    private static SurgeWeights ReadWeights(PlacedFields fields, out PlacedFields? weights)
    {
        SurgeWeights usual = SurgeWeights.Default;
        weights = fields.Object(RuleFields.Weights, RuleFields.OfWeights);
        return weights is null ? usual : new SurgeWeights(
            weights.Number(RuleFields.OfWeights[0], usual.Demand),
            weights.Number(RuleFields.OfWeights[1], usual.Supply),
            weights.Number(RuleFields.OfWeights[2], usual.Time),
            weights.Number(RuleFields.OfWeights[3], usual.Events),
            weights.Number(RuleFields.OfWeights[4], usual.Weather));
    }

    private static IReadOnlyList<double> ReadHours(PlacedFields fields, out PlacedFields? hours)
    {
        hours = fields.Object(RuleFields.TimeMultipliers, HourNames);
        if (hours is null)
        {
            return SurgeWeights.DefaultTimeMultipliers;
        }

        double[] multipliers = new double[HourNames.Length];
        for (int hour = 0; hour < multipliers.Length; hour++)
        {
            multipliers[hour] = hours.Number(HourNames[hour], 1);
        }

        return multipliers;
    }

    private static PricingExperiment? ReadExperiment(PlacedFields fields, out PlacedFields? experiment)
    {
        experiment = fields.Object(RuleFields.Experiment, RuleFields.OfExperiment);
        if (experiment is null)
        {
            return null;
        }

        foreach (string field in RuleFields.OfExperiment)
        {
            if (!experiment.Has(field))
            {
                experiment.Fail(field, "The field is missing; an experiment has a name, a share and a change.");
            }
        }

        return new PricingExperiment(
            experiment.Text(RuleFields.ExperimentName) ?? RuleFields.Experiment,
            experiment.Number(RuleFields.ExperimentShare, 0),
            ReadSteps(experiment, RuleFields.ExperimentChange, -10_000, 10_000) ?? 0);
    }
}
