using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore.Binary;

namespace PricingCore.AspNetCore.Security;

/// <summary>Adds credentials, scopes, limits and headers to a host.</summary>
public static class PricingSecurityExtensions
{
    /// <summary>Adds what <see cref="RequirePricingScopes"/> needs: keys, tokens and limits; and the same for the binary protocol.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets keys, tokens and limits.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    public static IServiceCollection AddPricingSecurity(this IServiceCollection services, Action<PricingSecurityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = new PricingSecurityOptions();
        configure?.Invoke(options);
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException("The security options are refused:\n" + string.Join('\n', errors), nameof(configure));
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new CredentialVerifier(options, provider.GetRequiredService<TimeProvider>(), LoggerOf(provider)));
        services.AddSingleton(provider => new RequestLimits(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CallerReader(options, provider.GetRequiredService<CredentialVerifier>()));
        services.AddSingleton(provider => new AccessGate(options, provider.GetRequiredService<CallerReader>(), provider.GetRequiredService<RequestLimits>()));
        services.AddSingleton<IBinaryAuthenticator, SecuredBinaryAuthenticator>();
        return services;
    }

    /// <summary>Puts headers for browsers on every answer, and reads the files of keys, so that a host does not start with keys that cannot be read.</summary>
    /// <param name="app">The host's pipeline.</param>
    /// <exception cref="SecurityFileException">A file of keys is wrong or cannot be read.</exception>
    /// <exception cref="InvalidOperationException"><see cref="AddPricingSecurity"/> was not called.</exception>
    public static IApplicationBuilder UsePricingSecurity(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        IServiceProvider services = app.ApplicationServices;
        services.GetRequiredService<CredentialVerifier>();
        if (services.GetRequiredService<PricingSecurityOptions>().AnonymousScopes != PricingScopes.None)
        {
            SecurityLog.AnonymousAllowed(LoggerOf(services));
        }

        return app.UseMiddleware<SecurityHeadersMiddleware>();
    }

    /// <summary>Has each group of endpoints ask for its scope; <see cref="PricingEndpoints.Operations"/> stays open, for probes.</summary>
    /// <param name="endpoints">What <see cref="PricingEndpointRouteBuilderExtensions.MapPricing"/> gave back.</param>
    /// <remarks>Where <see cref="AddPricingSecurity"/> was not called the first request, or the start, fails: nothing is served without the question.</remarks>
    public static PricingEndpoints RequirePricingScopes(this PricingEndpoints endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Pricing.RequirePricingScopes(PricingScopes.Quote);
        endpoints.Events.RequirePricingScopes(PricingScopes.Events);
        endpoints.Admin.RequirePricingScopes(PricingScopes.Admin);
        return endpoints;
    }

    /// <summary>Has endpoints, a host's own among them, ask for scopes, and count against the limits.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="scopes">What a caller must have; all of it.</param>
    /// <remarks>The endpoints' own filters and the host's policies come as they would without it; who passes here still has to pass them.</remarks>
    public static TBuilder RequirePricingScopes<TBuilder>(this TBuilder endpoints, PricingScopes scopes)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Finally(endpoint =>
        {
            RequestDelegate served = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} serves nothing.");
            endpoint.RequestDelegate = endpoint.ApplicationServices.GetRequiredService<AccessGate>().Before(served, scopes);
        });
        return endpoints;
    }

    private static ILogger LoggerOf(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("PricingCore.Security");
}
