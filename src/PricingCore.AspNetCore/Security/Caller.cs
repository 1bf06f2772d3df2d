namespace PricingCore.AspNetCore.Security;

/// <summary>Who a credential is.</summary>
/// <param name="Subject">The key's id, or the token's subject; empty when nobody is known. Never logged.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="RequestsPerMinute">Its own limit in place of that of users; null for the usual one, 0 for none.</param>
/// <param name="IsKey">Whether it is an API key rather than a token.</param>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record Caller(string Subject, PricingScopes Scopes, DateTimeOffset ExpiresAt, int? RequestsPerMinute = null, bool IsKey = false)
{
    /// <summary>Nothing of who it is.</summary>
    public override string ToString() => $"Caller {{ {Scopes} }}";
}
