using Microsoft.AspNetCore.Builder;

namespace PricingCore.AspNetCore;

/// <summary>The groups of endpoints that <see cref="PricingEndpointRouteBuilderExtensions.MapPricing"/> maps, so that a host can put its own policies on each.</summary>
/// <threadsafety>Not thread-safe; used while the host is set up.</threadsafety>
public sealed class PricingEndpoints
{
    internal PricingEndpoints(IEndpointConventionBuilder pricing, IEndpointConventionBuilder events, IEndpointConventionBuilder admin, IEndpointConventionBuilder operations)
    {
        Pricing = pricing;
        Events = events;
        Admin = admin;
        Operations = operations;
    }

    /// <summary>Prices, batches, forecasts, explanations, redemptions and the stream of prices.</summary>
    public IEndpointConventionBuilder Pricing { get; }

    /// <summary>What takes events.</summary>
    public IEndpointConventionBuilder Events { get; }

    /// <summary>Rules, models, journal and audit log.</summary>
    public IEndpointConventionBuilder Admin { get; }

    /// <summary>Health, readiness and the document of the interface.</summary>
    public IEndpointConventionBuilder Operations { get; }
}
