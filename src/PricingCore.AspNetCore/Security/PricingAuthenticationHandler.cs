using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Security;

/// <summary>Reads the credential of a request: <c>Authorization: Bearer</c> with a token or an API key, or <c>X-Api-Key</c>.</summary>
internal sealed class PricingAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    PricingSecurityOptions security,
    CredentialVerifier verifier)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private const string ApiKeyHeader = "X-Api-Key";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        ServiceMeters.CountRefusedHttp("unauthenticated");
        Response.Headers.WWWAuthenticate = "Bearer realm=\"pricing\""; // Not why: that would help whoever tries.
        return ProblemWriter.WriteAsync(Context, new Problem(
            ProblemType.Unauthenticated, "Send an API key or a token: Authorization: Bearer ..., or X-Api-Key.", "Authorization"));
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        ServiceMeters.CountRefusedHttp("forbidden");
        return ProblemWriter.WriteAsync(Context, new Problem(ProblemType.Forbidden, "This needs another scope, or is served on another port.", "Authorization"));
    }

    private AuthenticateResult Authenticate()
    {
        StringValues authorization = Request.Headers.Authorization;
        StringValues apiKey = Request.Headers[ApiKeyHeader];
        if (authorization.Count + apiKey.Count == 0)
        {
            return WithoutCredential();
        }

        string? credential = authorization.Count + apiKey.Count > 1 ? null // Which of two is meant is not ours to guess.
            : apiKey.Count == 1 ? apiKey[0]
            : authorization[0] is { } value && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? value[Bearer.Length..].Trim()
            : null;
        Caller? caller = credential is { Length: > 0 and <= JwtVerifier.MaxLength } ? verifier.Find(credential) : null;

        // A credential that is wrong is refused on loopback as well: who sends one means it.
        return caller is null ? AuthenticateResult.Fail("The credential is not right.") : Success(caller);
    }

    private AuthenticateResult WithoutCredential()
    {
        bool isLocal = LocalRequests.IsLocal(Context);
        PricingScopes scopes = security.AnonymousScopes | (isLocal ? security.LoopbackScopes : PricingScopes.None)
            | (Context.Features.Get<ConnectionScopes>()?.Scopes ?? PricingScopes.None);
        if (isLocal)
        {
            Context.Features.Set(LocalCaller.Instance);
        }

        return scopes == PricingScopes.None ? AuthenticateResult.NoResult() : Success(new Caller("", scopes, DateTimeOffset.MaxValue));
    }

    private AuthenticateResult Success(Caller caller)
    {
        Context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(Principals.Of(caller), PricingSecurityDefaults.Scheme));
    }

    /// <summary>Marks a request of this machine without a credential.</summary>
    internal sealed class LocalCaller
    {
        public static LocalCaller Instance { get; } = new();
    }

    /// <summary>Principals; those without a subject are made once for each set of scopes, since a sidecar gets nearly all its requests from them.</summary>
    private static class Principals
    {
        private static readonly ClaimsPrincipal[] Nameless = [.. Enumerable.Range(0, 8).Select(scopes => Make("", (PricingScopes)scopes))];

        public static ClaimsPrincipal Of(Caller caller) => caller.Subject.Length == 0 ? Nameless[(int)caller.Scopes & 7] : Make(caller.Subject, caller.Scopes);

        private static ClaimsPrincipal Make(string subject, PricingScopes scopes)
        {
            var identity = new ClaimsIdentity(PricingSecurityDefaults.Scheme, ClaimTypes.NameIdentifier, PricingSecurityDefaults.ScopeClaim);
            if (subject.Length > 0)
            {
                identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject));
            }

            foreach (string scope in ScopeNames.Of(scopes))
            {
                identity.AddClaim(new Claim(PricingSecurityDefaults.ScopeClaim, scope));
            }

            return new ClaimsPrincipal(identity);
        }
    }
}
