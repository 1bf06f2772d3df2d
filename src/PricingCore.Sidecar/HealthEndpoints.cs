using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PricingCore.Sidecar;

/// <summary><c>/healthz</c>: is a restart the way out? <c>/readyz</c>: does it take events and price? With the reasons.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", context => AnswerAsync(context, "live"));
        endpoints.MapGet("/readyz", context => AnswerAsync(context, "ready"));
    }

    private static async Task AnswerAsync(HttpContext context, string tag)
    {
        HealthReport report = await context.RequestServices.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Tags.Contains(tag), context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("status", report.Status switch
            {
                HealthStatus.Healthy => tag,
                HealthStatus.Degraded => "degraded",
                _ => "not_" + tag,
            });
            writer.WriteStartObject("reasons");
            foreach ((string code, object reason) in report.Entries.Values.SelectMany(entry => entry.Data))
            {
                writer.WriteString(code, reason.ToString());
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }
}
