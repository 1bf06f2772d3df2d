using Microsoft.AspNetCore.Http;

namespace PricingCore.Sidecar;

/// <summary>Lets a request in by the address that its connection came in on, and by the client's certificate.</summary>
/// <remarks>
/// What is for operators is on their addresses only: elsewhere it is not there. Over the network nothing but health is answered to who shows no certificate, unless the options say
/// otherwise; that is never so for what changes something.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class Admittance(ServerOptions options)
{
    private static readonly PathString Metrics = "/metrics";
    private static readonly PathString Admin = "/api/v1/admin";
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

        bool isKnown = mark is { IsLocal: true } || context.Connection.ClientCertificate is not null;
        bool mayBeAnybody = path == Live || path == Ready || (isMetrics ? options.AnonymousMetrics : options.AllowAnonymous && !isAdmin);
        return isKnown || mayBeAnybody ? next(context) : RefuseAsync(context);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "application/problem+json";
        return context.Response.WriteAsync(
            """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"Over the network this needs a client certificate; Server:AllowAnonymous opens prices and events, Server:AnonymousMetrics metrics."}""",
            context.RequestAborted);
    }
}
