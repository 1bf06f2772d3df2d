using System.Text.Json;
using System.Text.RegularExpressions;

namespace PricingCore.AspNetCore.Tests.Docs;

/// <summary>Checks a value against a schema of the OpenAPI document: the words that the document uses, and no others.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    private static readonly string[] KnownWords =
        ["$ref", "type", "description", "required", "properties", "additionalProperties", "items", "oneOf", "minLength", "maxLength", "minItems", "minimum", "maximum", "format", "pattern", "default"];

    /// <summary>What is wrong with a value; empty when nothing is.</summary>
    public IReadOnlyList<string> Check(JsonElement value, JsonElement schema, string path = "$")
    {
        var errors = new List<string>();
        errors.AddRange(schema.EnumerateObject().Where(word => !KnownWords.Contains(word.Name)).Select(word => $"{path}: this check does not know '{word.Name}'"));
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Check(value, Resolve(reference.GetString()!), path);
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            int fitting = choices.EnumerateArray().Count(choice => Check(value, choice, path).Count == 0);
            return fitting == 1 ? errors : [.. errors, $"{path}: fits {fitting} of the choices"];
        }

        if (schema.TryGetProperty("type", out JsonElement type) && !TypesOf(type).Any(allowed => IsOf(value, allowed)))
        {
            return [.. errors, $"{path}: {value.ValueKind} is not {type}"];
        }

        if (schema.TryGetProperty("pattern", out JsonElement pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!))
        {
            errors.Add($"{path}: '{value}' does not match {pattern}");
        }

        if (schema.TryGetProperty("format", out JsonElement format) && format.GetString() == "date-time" && value.ValueKind == JsonValueKind.String && !value.TryGetDateTimeOffset(out _))
        {
            errors.Add($"{path}: '{value}' is not a time");
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            errors.AddRange(CheckObject(value, schema, path));
        }
        else if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            errors.AddRange(value.EnumerateArray().SelectMany((item, i) => Check(item, items, $"{path}[{i}]")));
        }

        return errors;
    }

    private IEnumerable<string> CheckObject(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{path}: {name} is missing";
            }
        }

        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        bool hasMore = schema.TryGetProperty("additionalProperties", out JsonElement more);
        foreach (JsonProperty field in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(field.Name, out JsonElement known))
            {
                foreach (string error in Check(field.Value, known, $"{path}.{field.Name}"))
                {
                    yield return error;
                }
            }
            else if (hasMore && more.ValueKind == JsonValueKind.False)
            {
                yield return $"{path}: {field.Name} is not in the document";
            }
            else if (hasMore)
            {
                foreach (string error in Check(field.Value, more, $"{path}.{field.Name}"))
                {
                    yield return error;
                }
            }
        }
    }

    /// <summary>What a reference in the document leads to.</summary>
    public JsonElement Resolve(string reference) =>
        reference.Split('/')[1..].Aggregate(document, (element, name) => element.GetProperty(name));

    private static IEnumerable<string> TypesOf(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()!) : [type.GetString()!];

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => value.ValueKind == JsonValueKind.Null,
    };
}
