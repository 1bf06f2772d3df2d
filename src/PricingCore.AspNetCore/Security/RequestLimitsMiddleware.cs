using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Security;

/// <summary>Counts requests to endpoints that need a policy, whether or not their credential is right, and refuses those beyond a limit.</summary>
internal sealed class RequestLimitsMiddleware(RequestDelegate next, RequestLimits limits)
{
    private const long SecondMicros = 1_000_000;
    private const string LimitHeader = "RateLimit";
    private const string PolicyHeader = "RateLimit-Policy";

    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null)
        {
            return next(context); // Health must answer however busy it is.
        }

        bool isLocal = context.Features.Get<PricingAuthenticationHandler.LocalCaller>() is not null;
        LimitVerdict verdict = limits.Take(context.Features.Get<Caller>(), isLocal ? null : context.Connection.RemoteIpAddress);
        if (verdict.Name.Length > 0)
        {
            Tell(context.Response.Headers, verdict);
        }

        return verdict.Grant.IsGranted ? next(context) : RefuseAsync(context, verdict);
    }

    private static void Tell(IHeaderDictionary headers, in LimitVerdict verdict)
    {
        TokenGrant grant = verdict.Grant;
        headers[PolicyHeader] = string.Create(
            CultureInfo.InvariantCulture, $"\"{verdict.Name}\";q={verdict.Rate.Tokens};w={Math.Max(1, verdict.Rate.PeriodMicros / SecondMicros)}");
        headers[LimitHeader] = string.Create(CultureInfo.InvariantCulture, $"\"{verdict.Name}\";r={grant.Remaining};t={Seconds(grant.FullAfterMicros)}");
    }

    private static Task RefuseAsync(HttpContext context, in LimitVerdict verdict)
    {
        ServiceMeters.CountRefusedHttp(verdict.Reason);
        context.Response.Headers.RetryAfter = Math.Max(1, Seconds(verdict.Grant.RetryAfterMicros)).ToString(CultureInfo.InvariantCulture);
        return ProblemWriter.WriteAsync(context, new Problem(
            ProblemType.RateLimited,
            string.Create(CultureInfo.InvariantCulture, $"The limit of this {verdict.Name} is {verdict.Rate.Tokens:N0} requests in {verdict.Rate.PeriodMicros / SecondMicros} s.")));
    }

    private static long Seconds(long micros) => (micros + SecondMicros - 1) / SecondMicros;
}
