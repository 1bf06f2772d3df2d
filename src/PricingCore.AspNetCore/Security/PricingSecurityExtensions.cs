using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore.Binary;

namespace PricingCore.AspNetCore.Security;

/// <summary>Adds authentication, authorization, limits and headers to a host.</summary>
public static class PricingSecurityExtensions
{
    /// <summary>
    /// Adds the scheme <see cref="PricingSecurityDefaults.Scheme"/>, the policies <c>pricing.quote</c>, <c>pricing.events</c> and <c>pricing.admin</c>, the limits, and the same
    /// for the binary protocol.
    /// </summary>
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
        services.AddSingleton<IBinaryAuthenticator, SecuredBinaryAuthenticator>();
        services.AddAuthentication(PricingSecurityDefaults.Scheme)
            .AddScheme<AuthenticationSchemeOptions, PricingAuthenticationHandler>(PricingSecurityDefaults.Scheme, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(PricingSecurityDefaults.QuotePolicy, policy => Require(policy, ScopeNames.Quote))
            .AddPolicy(PricingSecurityDefaults.EventsPolicy, policy => Require(policy, ScopeNames.Events))
            .AddPolicy(PricingSecurityDefaults.AdminPolicy, policy =>
            {
                Require(policy, ScopeNames.Admin);
                if (options.AdminPort != 0)
                {
                    policy.AddRequirements(new LocalPortRequirement(options.AdminPort));
                }
            });
        return services;
    }

    /// <summary>Puts headers, authentication, limits and authorization before the endpoints. After <c>UseRouting</c>, where a host calls that.</summary>
    /// <param name="app">The host's pipeline.</param>
    /// <exception cref="SecurityFileException">A file of keys is wrong or cannot be read.</exception>
    /// <exception cref="InvalidOperationException"><see cref="AddPricingSecurity"/> was not called.</exception>
    public static IApplicationBuilder UsePricingSecurity(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        IServiceProvider services = app.ApplicationServices;
        services.GetRequiredService<CredentialVerifier>(); // A host does not start with keys that cannot be read.
        if (services.GetRequiredService<PricingSecurityOptions>().AnonymousScopes != PricingScopes.None)
        {
            SecurityLog.AnonymousAllowed(LoggerOf(services));
        }

        return app
            .UseMiddleware<SecurityHeadersMiddleware>()
            .UseAuthentication()
            .UseMiddleware<RequestLimitsMiddleware>()
            .UseAuthorization();
    }

    /// <summary>Puts each group of endpoints under its policy; <see cref="PricingEndpoints.Operations"/> stays open, for probes.</summary>
    /// <param name="endpoints">What <see cref="PricingEndpointRouteBuilderExtensions.MapPricing"/> gave back.</param>
    public static PricingEndpoints RequirePricingScopes(this PricingEndpoints endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Pricing.RequireAuthorization(PricingSecurityDefaults.QuotePolicy);
        endpoints.Events.RequireAuthorization(PricingSecurityDefaults.EventsPolicy);
        endpoints.Admin.RequireAuthorization(PricingSecurityDefaults.AdminPolicy);
        return endpoints;
    }

    // No scheme is named: ours is the default, and a policy that names one makes a new principal for each request.
    private static void Require(AuthorizationPolicyBuilder policy, string scope) => policy.RequireClaim(PricingSecurityDefaults.ScopeClaim, scope);

    private static ILogger LoggerOf(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("PricingCore.Security");
}
