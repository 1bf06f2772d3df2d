using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>Reads small objects of which no rate depends: every field is known by name, and what is wrong is said with the field.</summary>
internal static class FieldReader
{
    /// <summary>Reads the body as one object of known fields.</summary>
    /// <param name="context">The request.</param>
    /// <param name="options">Limits.</param>
    /// <param name="known">The names of the fields.</param>
    public static async Task<(JsonDocument? Body, Problem Problem)> ReadAsync(HttpContext context, PricingEndpointOptions options, string[] known)
    {
        if (!MediaTypes.IsJson(context.Request))
        {
            return (null, MediaTypes.NotJson());
        }

        (ReadOnlySequence<byte> body, Problem problem) = await BodyReader.ReadAsync(context, options.MaxRequestBytes).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            return (null, problem);
        }

        byte[] bytes = body.ToArray();
        context.Request.BodyReader.AdvanceTo(body.End);
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return (null, new Problem(ProblemType.InvalidUtf8, "The body holds bytes that are not UTF-8."));
        }

        try
        {
            JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = options.MaxDepth });
            problem = FindProblem(document.RootElement, known, options.UnknownFields);
            return problem.IsNone ? (document, default) : (null, problem);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return (null, JsonFault.Of(fault, options.MaxDepth));
        }
    }

    /// <summary>A text that may be left out.</summary>
    public static bool TryGetText(JsonElement body, string name, string legal, bool isRequired, out string? text, out Problem problem)
    {
        text = null;
        problem = default;
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            problem = isRequired ? new Problem(ProblemType.MissingField, $"{name} is missing.", name, legal) : default;
            return !isRequired;
        }

        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            problem = text is null ? new Problem(ProblemType.WrongType, $"{name} must be a text in quotes.", name, legal) : default;
        }
        catch (InvalidOperationException)
        {
            problem = new Problem(ProblemType.InvalidUtf8, $"{name} holds half a Unicode character.", name, legal);
        }

        return text is not null;
    }

    private static Problem FindProblem(JsonElement body, string[] known, UnknownFields unknownFields)
    {
        string all = string.Join(", ", known);
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new Problem(ProblemType.WrongType, "The body must be one JSON object.", Legal: "an object with " + all);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty field in body.EnumerateObject())
        {
            bool isKnown = known.Contains(field.Name);
            if (!isKnown && unknownFields == UnknownFields.Refuse)
            {
                string name = JsonFault.Excerpt(field.Name);
                return new Problem(ProblemType.UnknownField, $"'{name}' is not a field of this request.", name, all);
            }

            if (isKnown && !seen.Add(field.Name))
            {
                return new Problem(ProblemType.RepeatedField, $"'{field.Name}' is given twice.", field.Name, "each field once");
            }
        }

        return default;
    }
}
