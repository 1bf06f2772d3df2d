using System.Globalization;
using System.Text.Json;
using PricingCore.Events;

namespace PricingCore.Features;

/// <summary>Reads the JSON form of a schema: <c>{"name": ..., "features": ["hour_of_day", {"name": ..., "event": ...}]}</c>.</summary>
internal static class FeatureSchemaFile
{
    private static readonly string[] Fields = ["name", "event", "aggregate", "window", "window_kind", "lag", "unit", "description", "ratio", "prior"];

    public static FeatureSchema Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var errors = new List<string>();
        string name = "";
        var features = new List<FeatureDefinition>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("A feature schema is a JSON object with \"name\" and \"features\".");
            }

            name = TextOf(root, "name", "$", errors) ?? "";
            if (!root.TryGetProperty("features", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            {
                errors.Add("features: must be an array of built-in names and declarations.");
            }
            else
            {
                int index = 0;
                foreach (JsonElement element in list.EnumerateArray())
                {
                    ReadFeature(element, string.Create(CultureInfo.InvariantCulture, $"features[{index++}]"), features, errors);
                }
            }

            if (errors.Count == 0)
            {
                return new FeatureSchema(name, features);
            }
        }
        catch (JsonException e)
        {
            errors.Add($"line {e.LineNumber + 1}: not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            errors.Add("a text holds half of a surrogate pair.");
        }
        catch (ArgumentException e)
        {
            errors.Add(e.Message);
        }

        throw new FormatException("The feature schema is refused:\n" + string.Join('\n', errors));
    }

    private static void ReadFeature(JsonElement element, string path, List<FeatureDefinition> features, List<string> errors)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            string builtIn = element.GetString()!;
            if (FeatureCatalogue.ByName.TryGetValue(builtIn, out FeatureDefinition? found))
            {
                features.Add(found);
            }
            else
            {
                errors.Add($"{path}: '{builtIn}' is not a built-in feature.");
            }

            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{path}: must be the name of a built-in feature or an object.");
            return;
        }

        foreach (JsonProperty property in element.EnumerateObject().Where(p => !Fields.Contains(p.Name)))
        {
            errors.Add($"{path}.{property.Name}: unknown; known are {string.Join(", ", Fields)}.");
        }

        int before = errors.Count;
        string? name = TextOf(element, "name", path, errors);
        if (element.TryGetProperty("ratio", out JsonElement ratio))
        {
            ReadRatio(element, ratio, name, path, features, errors);
            return;
        }

        MarketEventKind kind = EnumOf<MarketEventKind>(element, "event", path, required: true, errors);
        EventAggregate aggregate = EnumOf<EventAggregate>(element, "aggregate", path, required: true, errors);
        WindowKind windowKind = EnumOf<WindowKind>(element, "window_kind", path, required: false, errors);
        int window = DurationOf(element, "window", 'm', path, required: true, errors);
        int lag = DurationOf(element, "lag", 'h', path, required: false, errors);
        if (errors.Count == before)
        {
            features.Add(FeatureSchema.Windowed(
                name!,
                new WindowedFeature(kind, aggregate, windowKind, window, lag),
                element.TryGetProperty("unit", out JsonElement unit) ? unit.ToString() : "",
                element.TryGetProperty("description", out JsonElement text) ? text.ToString() : ""));
        }
    }

    private static void ReadRatio(
        JsonElement element, JsonElement ratio, string? name, string path, List<FeatureDefinition> features, List<string> errors)
    {
        int before = errors.Count;
        foreach (string field in (string[])["event", "aggregate", "window", "window_kind", "lag"])
        {
            if (element.TryGetProperty(field, out _))
            {
                errors.Add($"{path}.{field}: a ratio has no {field}.");
            }
        }

        string[] parts = ratio.ValueKind == JsonValueKind.Array ? [.. ratio.EnumerateArray().Select(part => part.ToString())] : [];
        if (parts.Length != 2)
        {
            errors.Add($"{path}.ratio: must name two features, the upper and the lower, for example [\"demand_lag_1h\", \"demand_lag_24h\"].");
        }

        float prior = 0;
        if (element.TryGetProperty("prior", out JsonElement number) && (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out prior)))
        {
            errors.Add($"{path}.prior: must be a number.");
        }

        if (errors.Count == before && name is not null)
        {
            string unit = element.TryGetProperty("unit", out JsonElement unitText) ? unitText.ToString() : "1";
            string description = element.TryGetProperty("description", out JsonElement text) ? text.ToString() : "";
            features.Add(FeatureSchema.RatioOf(name, new FeatureRatio(parts[0], parts[1], prior), unit, description));
        }
    }

    private static string? TextOf(JsonElement element, string property, string path, List<string> errors)
    {
        if (element.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        errors.Add($"{path}.{property}: must be text.");
        return null;
    }

    private static T EnumOf<T>(JsonElement element, string property, string path, bool required, List<string> errors)
        where T : struct, Enum
    {
        if (!element.TryGetProperty(property, out JsonElement value))
        {
            if (required)
            {
                errors.Add($"{path}.{property}: is missing.");
            }

            return default;
        }

        string text = value.ToString().Replace("_", "", StringComparison.Ordinal);
        bool isName = text.Length > 0 && !char.IsAsciiDigit(text[0]) && text[0] != '-';
        if (isName && Enum.TryParse(text, ignoreCase: true, out T parsed) && Enum.IsDefined(parsed))
        {
            return parsed;
        }

        errors.Add($"{path}.{property}: '{value}' is not one of {string.Join(", ", Enum.GetNames<T>())}.");
        return default;
    }

    private static int DurationOf(JsonElement element, string property, char unit, string path, bool required, List<string> errors)
    {
        if (!element.TryGetProperty(property, out JsonElement value))
        {
            if (required)
            {
                errors.Add($"{path}.{property}: is missing.");
            }

            return 0;
        }

        string text = value.ToString();
        if (text.Length > 1 && text[^1] == unit && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        errors.Add($"{path}.{property}: '{text}' must be a whole number and '{unit}', for example \"15{unit}\".");
        return 0;
    }
}
