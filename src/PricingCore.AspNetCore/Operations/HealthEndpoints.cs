using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PricingCore.AspNetCore.Bodies;

namespace PricingCore.AspNetCore.Operations;

/// <summary><c>/healthz</c> (restart me when this fails) and <c>/readyz</c> (send me nothing when this fails): the host's health checks, else the engine alone.</summary>
/// <remarks>Of the checks registered, those tagged <c>live</c> or <c>ready</c> count; reasons are given for each, but no exceptions.</remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class HealthEndpoints(EngineSource engines)
{
    private const string LiveTag = "live";
    private const string ReadyTag = "ready";

    /// <summary>Whether the process works at all. An engine that has not started yet is no reason to restart it.</summary>
    public Task LiveAsync(HttpContext context) => AnswerAsync(context, LiveTag, engine => engine is null or { IsRunning: true });

    /// <summary>Whether requests can be answered now.</summary>
    public Task ReadyAsync(HttpContext context) => AnswerAsync(context, ReadyTag, engine => engine is { IsRunning: true });

    private async Task AnswerAsync(HttpContext context, string tag, Predicate<PricingEngine?> isWell)
    {
        PricingEngine? engine = engines.Find(context);
        HealthReport report = context.RequestServices.GetService<HealthCheckService>() is { } checks
            ? await checks.CheckHealthAsync(check => check.Tags.Contains(tag), context.RequestAborted).ConfigureAwait(false)
            : new HealthReport(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero);
        HealthStatus status = isWell(engine) ? report.Status : HealthStatus.Unhealthy;
        context.Response.Headers.CacheControl = "no-store";
        JsonText.Answer(
            context,
            json =>
            {
                json.WriteString("status", JsonText.Word(status));
                json.WriteBoolean("engine_running", engine is { IsRunning: true });
                json.WriteStartObject("checks");
                foreach ((string name, HealthReportEntry entry) in report.Entries)
                {
                    json.WriteStartObject(name);
                    json.WriteString("status", JsonText.Word(entry.Status));
                    json.WriteString("reason", entry.Description);
                    json.WriteStartObject("reasons");
                    foreach ((string code, object reason) in entry.Data)
                    {
                        json.WriteString(code, reason.ToString());
                    }

                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            },
            status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
