using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Security;

namespace PricingCore.Sidecar;

/// <summary>Lets a request in by the address that its connection came in on, by the client's certificate, or to have its credential looked at.</summary>
/// <remarks>
/// What is for operators is on their addresses only: elsewhere it is not there. Over the network nothing but health is answered to who shows neither certificate nor credential, unless the
/// options say otherwise; that is never so for what changes something. Whether a credential is right, and what it allows, is for <c>RequirePricingScopes</c> to say, at the endpoint.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class Admittance(ServerOptions options)
{
    private static readonly PathString Metrics = "/metrics";
    private static readonly PathString Admin = "/api/v1/admin";
    private static readonly PathString Api = "/api";
    private static readonly ConnectionScopes ByCertificate = new(PricingScopes.Quote | PricingScopes.Events | PricingScopes.Admin);
    private static readonly PathString Live = "/healthz";
    private static readonly PathString Ready = "/readyz";

    /// <summary>Answers who is not let in; passes on everybody else.</summary>
    public Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        ListenerMark? mark = context.Features.Get<ListenerMark>();
        PathString path = context.Request.Path;
        bool isAdmin = path.StartsWithSegments(Admin);
        bool isMetrics = path.StartsWithSegments(Metrics);
        if ((isAdmin || isMetrics) && mark is not { IsForOperators: true })
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        bool hasCertificate = context.Connection.ClientCertificate is not null;
        if (hasCertificate)
        {
            context.Features.Set(ByCertificate);
        }

        bool bringsCredential = path.StartsWithSegments(Api) && (context.Request.Headers.Authorization.Count > 0 || context.Request.Headers.ContainsKey("X-Api-Key"));
        bool isKnown = mark is { IsLocal: true } || hasCertificate || bringsCredential;
        bool mayBeAnybody = path == Live || path == Ready || (isMetrics ? options.AnonymousMetrics : options.AllowAnonymous && !isAdmin);
        return isKnown || mayBeAnybody ? next(context) : RefuseAsync(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "application/problem+json";
        return context.Response.WriteAsync(
            """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Over the network this needs an API key, a token or a client certificate; Server:AllowAnonymous opens prices and events, Server:AnonymousMetrics metrics."}""",
            context.RequestAborted);
    }
}
