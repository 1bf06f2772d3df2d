namespace PricingCore.AspNetCore.Security;

/// <summary>What a host knows of a connection besides the credential of a request, as by the certificate of its client. Put into the request's features before the endpoint.</summary>
/// <param name="Scopes">What a request without a credential may do on this connection, besides what everybody may.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ConnectionScopes(PricingScopes Scopes);
