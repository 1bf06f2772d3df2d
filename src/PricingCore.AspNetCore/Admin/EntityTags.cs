using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PricingCore.AspNetCore.Admin;

/// <summary>Entity tags (RFC 9110): what a client has seen, so that two of them do not overwrite each other.</summary>
internal static class EntityTags
{
    /// <summary>The tag of a version.</summary>
    public static string Of(string hash) => $"\"{hash}\"";

    /// <summary>Whether the client has this version already: <c>If-None-Match</c>.</summary>
    public static bool IsKnown(HttpRequest request, string hash) => Names(request.Headers.IfNoneMatch, hash, isThere: true);

    /// <summary>Whether this is the version that the client wants to change: <c>If-Match</c>, or it does not say.</summary>
    public static bool IsExpected(HttpRequest request, string? hash) =>
        request.Headers.IfMatch.Count == 0 || Names(request.Headers.IfMatch, hash, isThere: hash is not null);

    private static bool Names(StringValues header, string? hash, bool isThere) => header
        .SelectMany(line => (line ?? "").Split(','))
        .Select(tag => tag.Trim())
        .Any(tag => tag == "*" ? isThere : tag == $"\"{hash}\"" || tag == $"W/\"{hash}\"");
}
