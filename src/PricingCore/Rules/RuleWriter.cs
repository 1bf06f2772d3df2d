using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace PricingCore.Rules;

/// <summary>Writes rules as the JSON that a rules file holds, with every field, defaults included.</summary>
internal static class RuleWriter
{
    /// <summary>The rules as UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<PricingRule> rules, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, NewLine = "\n" });
        writer.WriteStartObject();
        writer.WriteStartArray(RuleFields.Rules);
        foreach (PricingRule rule in rules)
        {
            WriteRule(writer, rule);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteRule(Utf8JsonWriter writer, PricingRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString(RuleFields.RegionId, rule.RegionId);
        writer.WriteString(RuleFields.ProductType, rule.ProductType);
        writer.WriteNumber(RuleFields.BasePrice, rule.BasePrice.Major);
        writer.WriteString(RuleFields.Currency, rule.BasePrice.Currency.Code);
        WriteSteps(writer, RuleFields.MinMultiplier, rule.MinMultiplier.Steps);
        WriteSteps(writer, RuleFields.MaxMultiplier, rule.MaxMultiplier.Steps);
        writer.WriteNumber(RuleFields.Increment, decimal.Divide(rule.IncrementMinorUnits, rule.BasePrice.Currency.MinorUnitsPerMajor));
        writer.WriteString(
            RuleFields.EffectiveDate,
            rule.EffectiveFrom.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        writer.WriteString(RuleFields.Formula, rule.Formula == SurgeFormulaKind.Centred ? "centred" : "reference");
        writer.WriteString(RuleFields.Mode, rule.Mode == PricingMode.Additive ? "additive" : "multiplicative");
        writer.WriteNumber(RuleFields.Threshold, rule.Threshold);
        writer.WriteNumber(RuleFields.Slope, rule.Slope);
        WriteWeights(writer, rule.Weights);
        writer.WriteStartObject(RuleFields.TimeMultipliers);
        for (int hour = 0; hour < rule.TimeMultipliers.Count; hour++)
        {
            writer.WriteNumber(hour.ToString(CultureInfo.InvariantCulture), rule.TimeMultipliers[hour]);
        }

        writer.WriteEndObject();
        if (rule.MaxStepPerMinute is int maxStep)
        {
            WriteSteps(writer, RuleFields.MaxStepPerMinute, maxStep);
        }

        WriteSteps(writer, RuleFields.Hysteresis, rule.Hysteresis);
        writer.WriteNumber(RuleFields.Smoothing, rule.Smoothing);
        if (rule.EmergencyCap is SurgeMultiplier cap)
        {
            WriteSteps(writer, RuleFields.EmergencyCap, cap.Steps);
        }

        if (rule.Experiment is PricingExperiment experiment)
        {
            writer.WriteStartObject(RuleFields.Experiment);
            writer.WriteString(RuleFields.ExperimentName, experiment.Name);
            writer.WriteNumber(RuleFields.ExperimentShare, experiment.Share);
            WriteSteps(writer, RuleFields.ExperimentChange, experiment.ChangeSteps);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteWeights(Utf8JsonWriter writer, SurgeWeights weights)
    {
        double[] values = [weights.Demand, weights.Supply, weights.Time, weights.Events, weights.Weather];
        writer.WriteStartObject(RuleFields.Weights);
        for (int i = 0; i < values.Length; i++)
        {
            writer.WriteNumber(RuleFields.OfWeights[i], values[i]);
        }

        writer.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter writer, string field, int steps) =>
        writer.WriteNumber(field, steps / (decimal)SurgeMultiplier.StepsPerOne);
}
