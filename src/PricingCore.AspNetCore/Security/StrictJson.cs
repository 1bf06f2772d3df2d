using System.Text.Json;

namespace PricingCore.AspNetCore.Security;

/// <summary>JSON without what two readers may understand differently: doubled names, comments, trailing commas, deep nesting.</summary>
internal static class StrictJson
{
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false, AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow, MaxDepth = MaxDepth,
    };

    /// <summary>Reads a document.</summary>
    /// <returns>Null when it is not strict JSON.</returns>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null; // The second: a name that is half a surrogate pair.
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="SecurityFileException">It is not strict JSON; the message says where, and not what is there.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string what)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException wrong)
        {
            throw new SecurityFileException([$"The {what} is not JSON, or has a name twice: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}."]);
        }
    }
}
