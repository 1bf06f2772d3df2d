using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using PricingCore.AspNetCore.Admin;
using PricingCore.AspNetCore.Compute;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.AspNetCore.Events;
using PricingCore.AspNetCore.Operations;
using PricingCore.AspNetCore.Queries;
using PricingCore.AspNetCore.Streaming;

namespace PricingCore.AspNetCore;

/// <summary>Maps the HTTP interface of a pricing engine.</summary>
public static class PricingEndpointRouteBuilderExtensions
{
    /// <summary>Maps the endpoints of docs/api.md. The engine is a <see cref="PricingEngine"/> among the services, by name if the options say one.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="configure">Sets limits and choices.</param>
    /// <returns>The groups, so that the host can put its own policies on each.</returns>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    public static PricingEndpoints MapPricing(this IEndpointRouteBuilder endpoints, Action<PricingEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = new PricingEndpointOptions();
        configure?.Invoke(options);
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException("The endpoints' options are refused:\n" + string.Join('\n', errors), nameof(configure));
        }

        ServiceMeters.Begin();
        var engines = new EngineSource(options.EngineName);
        RouteGroupBuilder pricing = endpoints.MapGroup("");
        RouteGroupBuilder events = endpoints.MapGroup("");
        RouteGroupBuilder admin = endpoints.MapGroup("");
        RouteGroupBuilder operations = endpoints.MapGroup("");
        MapCompute(pricing, options, engines);
        events.MapPost("/api/v1/events", new EventsEndpoint(options, engines).InvokeAsync);
        MapQueries(pricing, options, engines);
        MapAdmin(admin, options, engines);
        MapOperations(operations, engines);
        return new PricingEndpoints(pricing, events, admin, operations);
    }

    private static void MapCompute(RouteGroupBuilder group, PricingEndpointOptions options, EngineSource engines)
    {
        var reader = new ComputeReader(options, new TextPool());
        var desk = new ComputeDesk(options);
        var texts = new DecisionTexts(capacity: 16_384);
        group.MapPost("/api/v1/pricing/compute", new ComputeEndpoint(options, engines, reader, desk, texts).InvokeAsync);
        group.MapPost("/api/v1/pricing/compute/batch", new ComputeBatchEndpoint(options, engines, reader, desk, texts).InvokeAsync);
    }

    private static void MapQueries(RouteGroupBuilder group, PricingEndpointOptions options, EngineSource engines)
    {
        group.MapGet("/api/v1/forecast/demand", new ForecastEndpoint(engines).InvokeAsync);
        group.MapGet("/api/v1/pricing/explain", new ExplainEndpoint(engines).InvokeAsync);
        group.MapPost("/api/v1/quotes/redeem", new RedeemEndpoint(options, engines).InvokeAsync);
        group.MapGet("/api/v1/prices/stream", new PriceStreamEndpoint(options, engines).InvokeAsync);
    }

    private static void MapAdmin(RouteGroupBuilder group, PricingEndpointOptions options, EngineSource engines)
    {
        var rules = new RulesEndpoints(options, engines);
        group.MapGet("/api/v1/admin/rules", rules.GetAsync);
        group.MapPut("/api/v1/admin/rules", rules.PublishAsync);
        group.MapPost("/api/v1/admin/rules/validate", rules.ValidateAsync);
        group.MapGet("/api/v1/admin/rules/history", rules.HistoryAsync);
        group.MapPost("/api/v1/admin/rules/rollback", rules.RollBackAsync);
        var models = new ModelsEndpoints(options, engines);
        group.MapGet("/api/v1/admin/models", models.ListAsync);
        group.MapPost("/api/v1/admin/models/verify", models.VerifyAsync);
        group.MapPost("/api/v1/admin/models/deploy", models.DeployAsync);
        group.MapPost("/api/v1/admin/models/rollback", models.RollBackAsync);
        group.MapGet("/api/v1/admin/status", new StatusEndpoint(engines).InvokeAsync);
        group.MapGet("/api/v1/admin/quality", new QualityEndpoint(engines).InvokeAsync);
    }

    private static void MapOperations(RouteGroupBuilder group, EngineSource engines)
    {
        var health = new HealthEndpoints(engines);
        group.MapGet("/healthz", health.LiveAsync);
        group.MapGet("/readyz", health.ReadyAsync);
        group.MapGet("/openapi.json", OpenApiDocument.GetAsync);
    }
}
