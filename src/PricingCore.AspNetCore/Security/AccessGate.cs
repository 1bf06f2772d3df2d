using System.Globalization;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Security;

/// <summary>Stands before an endpoint: whose a request is, whether that are too many, and whether they may.</summary>
/// <remarks>
/// Part of the endpoint itself, so that no order of middleware can leave it out. Not ASP.NET Core's own authentication and authorization: for a request without a credential, as a sidecar
/// gets them, they allocate 4 kilobytes and take more time than the price; see docs/decisions/0015-access-gate.md. A host may put its own policies on the same endpoints.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class AccessGate(PricingSecurityOptions options, CallerReader callers, RequestLimits limits)
{
    private const long SecondMicros = 1_000_000;
    private const string LimitHeader = "RateLimit";
    private const string PolicyHeader = "RateLimit-Policy";

    /// <summary>The endpoint with the gate before it.</summary>
    /// <param name="next">The endpoint.</param>
    /// <param name="needed">The scopes that a caller must have; all of them.</param>
    public RequestDelegate Before(RequestDelegate next, PricingScopes needed) => context =>
    {
        Caller? caller = callers.Read(context, out bool isLocal);
        LimitVerdict verdict = limits.Take(caller, isLocal ? null : context.Connection.RemoteIpAddress); // Wrong credentials count as well.
        if (verdict.Name.Length > 0)
        {
            Tell(context.Response.Headers, verdict);
        }

        if (!verdict.Grant.IsGranted)
        {
            return RefuseForNow(context, verdict);
        }

        if (caller is null)
        {
            return RefuseUnknown(context);
        }

        bool isOnItsPort = (needed & PricingScopes.Admin) == 0 || options.AdminPort == 0 || context.Connection.LocalPort == options.AdminPort;
        if ((caller.Scopes & needed) != needed || !isOnItsPort)
        {
            return RefuseForbidden(context);
        }

        context.Features.Set(caller);
        return next(context);
    };

    private static void Tell(IHeaderDictionary headers, in LimitVerdict verdict)
    {
        TokenGrant grant = verdict.Grant;
        headers[PolicyHeader] = string.Create(
            CultureInfo.InvariantCulture, $"\"{verdict.Name}\";q={verdict.Rate.Tokens};w={Math.Max(1, verdict.Rate.PeriodMicros / SecondMicros)}");
        headers[LimitHeader] = string.Create(CultureInfo.InvariantCulture, $"\"{verdict.Name}\";r={grant.Remaining};t={Seconds(grant.FullAfterMicros)}");
    }

    private static Task RefuseForNow(HttpContext context, in LimitVerdict verdict)
    {
        ServiceMeters.CountRefusedHttp(verdict.Reason);
        context.Response.Headers.RetryAfter = Math.Max(1, Seconds(verdict.Grant.RetryAfterMicros)).ToString(CultureInfo.InvariantCulture);
        return ProblemWriter.WriteAsync(context, new Problem(
            ProblemType.RateLimited,
            string.Create(CultureInfo.InvariantCulture, $"The limit of this {verdict.Name} is {verdict.Rate.Tokens:N0} requests in {verdict.Rate.PeriodMicros / SecondMicros} s.")));
    }

    private static Task RefuseUnknown(HttpContext context)
    {
        ServiceMeters.CountRefusedHttp("unauthenticated");
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"pricing\""; // Not why: that would help whoever tries.
        return ProblemWriter.WriteAsync(context, new Problem(
            ProblemType.Unauthenticated, "Send an API key or a token: Authorization: Bearer ..., or X-Api-Key.", "Authorization"));
    }

    private static Task RefuseForbidden(HttpContext context)
    {
        ServiceMeters.CountRefusedHttp("forbidden");
        return ProblemWriter.WriteAsync(context, new Problem(ProblemType.Forbidden, "This needs another scope, or is served on another port.", "Authorization"));
    }

    private static long Seconds(long micros) => (micros + SecondMicros - 1) / SecondMicros;
}
