using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.Explanations;

/// <summary>Writes an explanation as JSON: prices and multipliers as decimals with every digit, lines of a breakdown in minor units.</summary>
internal static class ExplanationJson
{
    private static readonly JsonWriterOptions Format = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(QuoteExplanation explanation)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Format))
        {
            json.WriteStartObject();
            WriteQuote(json, explanation);
            WriteDecision(json, explanation.Decision);
            WriteFeatures(json, explanation.Features);
            WriteContributions(json, explanation.Contributions);
            json.WriteString("missing", explanation.Missing);
            WriteRecomputation(json, explanation.Recomputation);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteQuote(Utf8JsonWriter json, QuoteExplanation explanation)
    {
        ServedPrice served = explanation.Served;
        json.WriteString("sentence", explanation.Sentence);
        json.WriteString("request_id", served.RequestId);
        json.WriteString("trace_id", served.TraceId);
        json.WriteString("decision_id", explanation.Decision.Id.ToString());
        json.WriteString("region_id", explanation.Decision.RegionId);
        json.WriteString("product_type", explanation.Decision.ProductType);
        WriteAmount(json, "price", explanation.Price);
        WriteAmount(json, "base_price", explanation.BasePrice);
        json.WriteString("currency", explanation.Price.Currency.Code);
        WriteSteps(json, "surge_multiplier", explanation.Decision.Outcome.Multiplier.Steps);
        WriteTime(json, "served_at", served.ServedAt);
        WriteTime(json, "valid_until", served.ValidUntil);
        json.WriteStartArray("breakdown");
        foreach (PriceComponent line in explanation.Breakdown)
        {
            json.WriteStartObject();
            json.WriteString("component", line.Component);
            json.WriteNumber("amount", line.MinorUnits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDecision(Utf8JsonWriter json, SurgeDecision decision)
    {
        WriteTime(json, "decided_at", decision.DecidedAt);
        json.WriteString("rules_version", decision.RulesVersion);
        json.WriteString("model_version", decision.ModelVersion);
        json.WriteString("model_arm", Snake(decision.Arm.ToString()));
        WriteParts(json, "factors", decision.Outcome.Factors.AsPairs());
        WriteParts(json, "limits", decision.Outcome.Limits.AsPairs().Where(limit => limit.Steps != 0));
        SurgeInputs inputs = decision.Inputs;
        json.WriteStartObject("inputs");
        WriteNumber(json, "demand_score", inputs.DemandScore);
        WriteNumber(json, "demand", inputs.Demand);
        WriteNumber(json, "available_supply", inputs.AvailableSupply);
        json.WriteNumber("hour", inputs.Hour);
        WriteNumber(json, "nearby_event_score", inputs.NearbyEventScore);
        WriteNumber(json, "weather_score", inputs.WeatherScore);
        WriteNumber(json, "threshold", decision.Rule.Threshold);
        WriteSteps(json, "neighbour_multiplier", inputs.NeighbourSteps);
        WriteSteps(json, "previous_multiplier", inputs.PreviousSteps);
        json.WriteNumber("since_previous_us", inputs.SincePreviousMicros);
        json.WriteBoolean("stale", inputs.IsStale);
        json.WriteEndObject();
        WriteForecast(json, decision.Forecast, decision.ForecastSource);
    }

    private static void WriteForecast(Utf8JsonWriter json, in Forecast forecast, ForecastSource? source)
    {
        json.WriteStartObject("forecast");
        if (source is { } known)
        {
            json.WriteString("source", Snake(known.ToString()));
        }

        WriteNumber(json, "demand_score", forecast.DemandScore);
        WriteNumber(json, "confidence", forecast.Confidence);
        WriteNumber(json, "expected_demand", forecast.ExpectedDemand);
        WriteNumber(json, "low", forecast.Low);
        WriteNumber(json, "high", forecast.High);
        json.WriteNumber("horizon_minutes", forecast.HorizonMinutes);
        json.WriteEndObject();
    }

    private static void WriteFeatures(Utf8JsonWriter json, IReadOnlyList<ExplainedFeature> features)
    {
        json.WriteStartArray("features");
        foreach (ExplainedFeature feature in features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            WriteNumber(json, "value", feature.Value);
            json.WriteString("unit", feature.Unit);
            WriteNumber(json, "age_seconds", feature.Age?.TotalSeconds ?? double.NaN);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteContributions(Utf8JsonWriter json, ForecastContributions? contributions)
    {
        if (contributions is null)
        {
            json.WriteNull("contributions");
            return;
        }

        json.WriteStartObject("contributions");
        json.WriteString("model_version", contributions.ModelVersion);
        json.WriteNumber("horizon_minutes", contributions.HorizonMinutes);
        json.WriteNumber("base_value", contributions.BaseValue);
        json.WriteStartArray("features");
        foreach (FeatureContribution feature in contributions.Contributions)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Feature);
            WriteNumber(json, "value", feature.Value);
            json.WriteNumber("contribution", feature.Contribution);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("rounding_difference", contributions.RoundingDifference);
        WriteNumber(json, "prediction", contributions.Prediction);
        WriteForecast(json, contributions.Forecast, source: null);
        json.WriteBoolean("is_the_priced_forecast", contributions.IsThePricedForecast);
        json.WriteEndObject();
    }

    private static void WriteRecomputation(Utf8JsonWriter json, Recomputation recomputation)
    {
        json.WriteStartObject("recomputed");
        json.WriteBoolean("agrees", recomputation.Agrees);
        json.WriteStartArray("differences");
        foreach (RecomputedDifference difference in recomputation.Differences)
        {
            json.WriteStartObject();
            json.WriteString("what", difference.What);
            json.WriteString("recorded", difference.Recorded);
            json.WriteString("recomputed", difference.Recomputed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, string name, IEnumerable<(string Name, int Steps)> parts)
    {
        json.WriteStartObject(name);
        foreach ((string part, int steps) in parts)
        {
            WriteSteps(json, part, steps);
        }

        json.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter json, string name, int? steps)
    {
        if (steps is { } known)
        {
            json.WritePropertyName(name);
            json.WriteRawValue((known / (decimal)SurgeMultiplier.StepsPerOne).ToString("0.0000", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteAmount(Utf8JsonWriter json, string name, Amount amount)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(amount.Major.ToString("F" + amount.Currency.Decimals, CultureInfo.InvariantCulture));
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    /// <summary>JSON has no word for a missing number but null.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, float number)
    {
        if (float.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Snake(string word) => JsonNamingPolicy.SnakeCaseLower.ConvertName(word);
}
