using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PricingCore.Hosting.Prometheus;

namespace PricingCore.Sidecar;

/// <summary><c>/metrics</c>: what Prometheus reads.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        PrometheusMetrics metrics = endpoints.ServiceProvider.GetRequiredService<PrometheusMetrics>();
        endpoints.MapGet("/metrics", async context =>
        {
            context.Response.ContentType = PrometheusMetrics.ContentType;
            metrics.Write(context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        });
    }
}
