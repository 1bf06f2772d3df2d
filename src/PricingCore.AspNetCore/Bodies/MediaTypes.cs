using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>The media types of bodies. Parameters, such as a charset, are not looked at: JSON is UTF-8.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string JsonLines = "application/x-ndjson";
    public const string CloudEvent = "application/cloudevents+json";
    public const string CloudEventBatch = "application/cloudevents-batch+json";

    /// <summary>The media type of a request's body, in small letters; JSON when the client says nothing.</summary>
    public static string Of(HttpRequest request)
    {
        string? header = request.ContentType;
        if (header is null or Json)
        {
            return Json;
        }

        int end = header.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? header : header[..end]).Trim().ToLowerInvariant();
    }

    /// <summary>Whether a body is JSON.</summary>
    public static bool IsJson(HttpRequest request) => request.ContentType is null or Json || Of(request) == Json;

    /// <summary>The problem with a body that is not JSON.</summary>
    public static Problem NotJson(string legal = Json) => new(ProblemType.UnsupportedMediaType, "The Content-Type is not one that is read here.", "Content-Type", legal);
}
