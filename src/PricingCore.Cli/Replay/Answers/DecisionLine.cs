using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.Surge;

namespace PricingCore.Cli.Replay.Answers;

/// <summary>A decision as a JSON line: fixed order of fields, so that equal decisions are equal bytes.</summary>
internal static class DecisionLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line.</summary>
    public static void Write(SurgeDecision decision, Stream stream)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("decision_id"u8, decision.Id.ToString());
            json.WriteString("region_id"u8, decision.RegionId);
            json.WriteString("product_type"u8, decision.ProductType);
            json.WriteString("decided_at"u8, decision.DecidedAt.UtcDateTime);
            json.WriteString("holds_until"u8, decision.HoldsUntil.UtcDateTime);
            json.WriteNumber("surge_multiplier"u8, decision.Outcome.Multiplier.Steps / (decimal)Rules.SurgeMultiplier.StepsPerOne);
            json.WriteNumber("demand_score"u8, decision.Inputs.DemandScore);
            json.WriteNumber("demand"u8, decision.Inputs.Demand);
            json.WriteNumber("available_supply"u8, decision.Inputs.AvailableSupply);
            json.WriteString("model_version"u8, decision.ModelVersion);
            json.WriteString("rules_version"u8, decision.RulesVersion);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }
}
