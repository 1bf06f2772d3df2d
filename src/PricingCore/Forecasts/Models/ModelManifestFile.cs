using System.Text.Json;
using System.Text.Json.Serialization;

namespace PricingCore.Forecasts.Models;

/// <summary>Reads and writes <c>model.json</c>. Fields that this version does not know are passed over; those that are missing are all named.</summary>
internal static class ModelManifestFile
{
    private static readonly string[] Required =
    [
        "format", "name", "version", "status", "created", "graph.file", "graph.sha256", "golden.file", "golden.sha256", "golden.rows",
        "schema.name", "schema.hash", "input", "output", "horizons_minutes", "training.from", "training.to", "training.rows",
        "training.events", "training.data_sha256", "hyper_parameters", "metrics", "feature_importance",
    ];

    private static readonly string[] RequiredOfMetrics =
        ["horizon_minutes", "rows", "model.wape", "model.mae", "model.rmse", "model.rmsle", "baselines"];

    private static readonly string[] RequiredOfErrors = ["wape", "mae", "rmse", "rmsle"];
    private static readonly string[] RequiredOfImportance = ["feature", "gain"];

    /// <summary>The bytes of a manifest; the same manifest gives the same bytes on every platform.</summary>
    public static byte[] Write(ModelManifest manifest)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifestJson.Default.ModelManifest);
        return [.. json, (byte)'\n'];
    }

    /// <summary>Reads a manifest.</summary>
    /// <returns><see langword="null"/>, and at least one more error, when it cannot be read.</returns>
    public static ModelManifest? Read(ReadOnlyMemory<byte> json, List<string> errors)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            string[] missing = [.. MissingFields(document.RootElement)];
            if (missing.Length > 0)
            {
                errors.Add($"fields are missing: {string.Join(", ", missing)}.");
                return null;
            }

            return document.RootElement.Deserialize(ModelManifestJson.Default.ModelManifest);
        }
        catch (JsonException e)
        {
            errors.Add(e.Path is null
                ? $"line {e.LineNumber + 1}: not valid JSON."
                : $"{e.Path.Replace("$.", "", StringComparison.Ordinal)}: the value is not of the expected kind.");
            return null;
        }
        catch (InvalidOperationException)
        {
            errors.Add("a text holds half of a surrogate pair."); // The JSON grammar allows it, .NET's strings do not come of it.
            return null;
        }
    }

    private static IEnumerable<string> MissingFields(JsonElement root) =>
    [
        .. Missing(root, "", Required),
        .. Elements(root, "metrics").SelectMany(one => Missing(one.Value, one.Name, RequiredOfMetrics).Concat(
            Members(one.Value, "baselines").SelectMany(baseline => Missing(baseline.Value, $"{one.Name}baselines.{baseline.Name}.", RequiredOfErrors)))),
        .. Elements(root, "feature_importance").SelectMany(one => Missing(one.Value, one.Name, RequiredOfImportance)),
    ];

    private static IEnumerable<string> Missing(JsonElement element, string prefix, string[] required) =>
        required.Where(field => !Has(element, field)).Select(field => prefix + field);

    private static IEnumerable<(string Name, JsonElement Value)> Elements(JsonElement root, string array) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(array, out JsonElement elements) && elements.ValueKind == JsonValueKind.Array
            ? elements.EnumerateArray().Select((element, index) => ($"{array}[{index}].", element))
            : [];

    private static JsonProperty[] Members(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? [.. value.EnumerateObject()]
            : [];

    private static bool Has(JsonElement element, string field)
    {
        foreach (string step in field.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
            {
                return false;
            }
        }

        return element.ValueKind != JsonValueKind.Null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    NewLine = "\n",
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ModelManifestJson : JsonSerializerContext;
