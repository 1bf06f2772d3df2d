using System.Globalization;
using System.Text.Json;

namespace PricingCore.Rules;

/// <summary>Reads the rules of a file one by one and notes what is wrong with each.</summary>
internal sealed class RuleReader(RuleErrorList errors)
{
    private readonly List<PricingRule> _rules = [];
    private readonly Dictionary<(string, string, DateTimeOffset), (int Index, int Line)> _seen = [];

    /// <summary>The rules read so far.</summary>
    public IReadOnlyList<PricingRule> Rules => _rules;

    /// <summary>Reads the array that the reader stands on, to its end.</summary>
    public void ReadAll(ref Utf8JsonReader reader, LineCounter lines)
    {
        for (int index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index >= RuleSet.MaxRules || errors.IsFull)
            {
                if (index == RuleSet.MaxRules)
                {
                    (int line, int column) = lines.At(reader.TokenStartIndex);
                    string message = string.Create(CultureInfo.InvariantCulture, $"There may be at most {RuleSet.MaxRules:N0} rules.");
                    errors.Add(RuleFields.Rules, line, column, message);
                }

                reader.Skip();
                continue;
            }

            Read(PlacedJson.Read(ref reader, lines), index);
        }
    }

    private void Read(PlacedJson json, int index)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"rules[{index}]");
        if (json.Kind != JsonTokenType.StartObject)
        {
            errors.Add(path, json.Line, json.Column, $"It is {json.Describe()}; a rule must be an object.");
            return;
        }

        var fields = new PlacedFields(json, path, RuleFields.OfRule, errors);
        PricingRule rule = RuleFieldReader.Read(fields, out PlacedFields? weights, out PlacedFields? hours, out PlacedFields? experiment);
        foreach ((string field, string? comparedWith, string message) in RuleChecks.Check(rule))
        {
            int dot = field.IndexOf('.', StringComparison.Ordinal);
            PlacedFields? owner = dot < 0 ? fields : field[..dot] switch
            {
                RuleFields.Weights => weights,
                RuleFields.TimeMultipliers => hours,
                _ => experiment,
            };
            string name = field[(dot + 1)..];
            if (owner is not null && !owner.HasFailed(name) && !(comparedWith is not null && owner.HasFailed(comparedWith)))
            {
                owner.Fail(name, message);
            }
        }

        if (!_seen.TryAdd((rule.RegionId, rule.ProductType, rule.EffectiveFrom), (index, json.Line)))
        {
            (int first, int line) = _seen[(rule.RegionId, rule.ProductType, rule.EffectiveFrom)];
            errors.Add(path, json.Line, json.Column, string.Create(
                CultureInfo.InvariantCulture,
                $"The same region, product and effective date as rules[{first}] in line {line}; each may occur once."));
        }

        _rules.Add(rule);
    }
}
