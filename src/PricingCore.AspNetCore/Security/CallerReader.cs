using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PricingCore.AspNetCore.Security;

/// <summary>Finds out whose a request is: by <c>Authorization: Bearer</c> with a token or an API key, by <c>X-Api-Key</c>, or by where it comes from.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class CallerReader(PricingSecurityOptions options, CredentialVerifier verifier)
{
    private const string Bearer = "Bearer ";
    private const string ApiKeyHeader = "X-Api-Key";

    // Those without a name are made once for each set of scopes: a sidecar gets nearly all its requests from them.
    private static readonly Caller[] Nameless = [.. Enumerable.Range(0, 8).Select(scopes => new Caller("", (PricingScopes)scopes, DateTimeOffset.MaxValue))];

    /// <summary>Whose a request is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isLocal">Whether it comes from this machine without a credential.</param>
    /// <returns>Null when its credential is not right, or it has none and nobody may do anything without.</returns>
    public Caller? Read(HttpContext context, out bool isLocal)
    {
        StringValues authorization = context.Request.Headers.Authorization;
        StringValues apiKey = context.Request.Headers[ApiKeyHeader];
        isLocal = false;
        if (authorization.Count + apiKey.Count == 0)
        {
            return WithoutCredential(context, out isLocal);
        }

        string? credential = authorization.Count + apiKey.Count > 1 ? null // Which of two is meant is not ours to guess.
            : apiKey.Count == 1 ? apiKey[0]
            : authorization[0] is { } value && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..].Trim()
            : null;

        // A credential that is wrong is refused on loopback as well: who sends one means it.
        return credential is { Length: > 0 and <= JwtVerifier.MaxLength } ? verifier.Find(credential) : null;
    }

    private Caller? WithoutCredential(HttpContext context, out bool isLocal)
    {
        isLocal = LocalRequests.IsLocal(context);
        PricingScopes scopes = options.AnonymousScopes | (isLocal ? options.LoopbackScopes : PricingScopes.None)
            | (context.Features.Get<ConnectionScopes>()?.Scopes ?? PricingScopes.None);
        return scopes == PricingScopes.None ? null : Nameless[(int)scopes & 7];
    }
}
