using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PricingCore;
using PricingCore.Hosting;
using PricingCore.Hosting.Alerts;
using PricingCore.Hosting.Configuration;
using PricingCore.Hosting.Diagnostics;
using PricingCore.Hosting.Health;
using PricingCore.Hosting.Prometheus;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pricing engines to a host.</summary>
/// <remarks>
/// <para>An engine is a singleton <see cref="PricingEngine"/>; a named one is a keyed singleton by its name. The host starts it before it serves, and drains it when it stops.
/// <see cref="EngineLifetime"/>, registered the same way, says where it is. Health checks <c>pricingcore-live</c> and <c>pricingcore-ready</c> (<c>pricingcore-NAME-live</c> ...) have the
/// tags <c>live</c> and <c>ready</c>.</para>
/// <para>A root configuration is read from its section <c>PricingCore</c>; a section, from itself. Wrong values, unknown keys and wrong files are reported together when the host
/// starts, as an <see cref="OptionsValidationException"/>.</para>
/// </remarks>
public static class PricingServiceCollectionExtensions
{
    private const string DefaultSection = "PricingCore";

    /// <summary>Adds an engine that is configured in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets its options.</param>
    public static IServiceCollection AddPricingCore(this IServiceCollection services, Action<PricingOptions> configure) =>
        Add(services, Options.Options.DefaultName, null, Required(configure));

    /// <summary>Adds an engine that is configured by a configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root, of which the section <c>PricingCore</c> is read, or a section.</param>
    public static IServiceCollection AddPricingCore(this IServiceCollection services, IConfiguration configuration) =>
        Add(services, Options.Options.DefaultName, Required(configuration), null);

    /// <summary>Adds an engine that is configured by a configuration, and then in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root, of which the section <c>PricingCore</c> is read, or a section.</param>
    /// <param name="configure">Sets more options; what it sets wins.</param>
    public static IServiceCollection AddPricingCore(this IServiceCollection services, IConfiguration configuration, Action<PricingOptions> configure) =>
        Add(services, Options.Options.DefaultName, Required(configuration), Required(configure));

    /// <summary>Adds a named engine that is configured in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Its name: the key of its services.</param>
    /// <param name="configure">Sets its options.</param>
    public static IServiceCollection AddPricingCore(this IServiceCollection services, string name, Action<PricingOptions> configure) =>
        Add(services, RequiredName(name), null, Required(configure));

    /// <summary>Adds a named engine that is configured by a configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Its name: the key of its services.</param>
    /// <param name="configuration">The root, of which the section <c>PricingCore</c> is read, or a section.</param>
    public static IServiceCollection AddPricingCore(this IServiceCollection services, string name, IConfiguration configuration) =>
        Add(services, RequiredName(name), Required(configuration), null);

    /// <summary>Adds a named engine that is configured by a configuration, and then in code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Its name: the key of its services.</param>
    /// <param name="configuration">The root, of which the section <c>PricingCore</c> is read, or a section.</param>
    /// <param name="configure">Sets more options; what it sets wins.</param>
    public static IServiceCollection AddPricingCore(this IServiceCollection services, string name, IConfiguration configuration, Action<PricingOptions> configure) =>
        Add(services, RequiredName(name), Required(configuration), Required(configure));

    /// <summary>Counts the metrics of the process for Prometheus: a singleton <see cref="PrometheusMetrics"/>, whose text an endpoint of yours writes.</summary>
    /// <param name="services">The services.</param>
    /// <param name="meters">The names of the meters; <see cref="PrometheusMetrics.Meters"/> unless given.</param>
    public static IServiceCollection AddPricingMetrics(this IServiceCollection services, params string[] meters)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<MeterScope>();
        services.AddSingleton(provider => new PrometheusMetrics(provider.GetRequiredService<MeterScope>(), meters));
        services.AddSingleton<IHostedService>(provider => new MetricsListening(provider.GetRequiredService<PrometheusMetrics>()));
        return services;
    }

    private static IServiceCollection Add(IServiceCollection services, string name, IConfiguration? configuration, Action<PricingOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ImplementationInstance is EngineName added && added.Name == name))
        {
            throw new ArgumentException(name.Length == 0 ? "There is an engine already; give the second one a name." : $"There is an engine '{name}' already.", nameof(name));
        }

        services.AddSingleton(new EngineName(name));
        var section = new EngineSection(configuration is IConfigurationRoot ? configuration.GetSection(DefaultSection) : configuration);
        AddOptions(services, name, section, configure);
        services.AddKeyedSingleton(name, (provider, _) => new EngineLifetime(
            name,
            provider.GetRequiredService<IOptionsMonitor<PricingOptions>>(),
            provider.GetRequiredService<IOptionsMonitor<PricingHostOptions>>(),
            LoggerOf(provider, name)));
        services.AddKeyedSingleton(name, (provider, _) => provider.GetRequiredKeyedService<EngineLifetime>(name).GetEngine());
        if (name.Length == 0)
        {
            services.AddSingleton(provider => provider.GetRequiredKeyedService<EngineLifetime>(name));
            services.AddSingleton(provider => provider.GetRequiredKeyedService<EngineLifetime>(name).GetEngine());
        }

        services.TryAddSingleton<MeterScope>();
        services.AddKeyedSingleton(name, (provider, _) => new EngineInstruments(
            provider.GetRequiredKeyedService<EngineLifetime>(name), provider.GetRequiredService<MeterScope>()));
        services.AddKeyedSingleton(name, (provider, _) => new RecentQuality(provider.GetRequiredKeyedService<EngineLifetime>(name)));
        services.AddKeyedSingleton(name, (provider, _) => new QualityInstruments(
            provider.GetRequiredKeyedService<EngineLifetime>(name), provider.GetRequiredKeyedService<RecentQuality>(name), provider.GetRequiredService<MeterScope>()));
        services.AddSingleton<IHostedService>(provider =>
        {
            _ = provider.GetRequiredKeyedService<EngineInstruments>(name); // Nobody else asks for them.
            _ = provider.GetRequiredKeyedService<QualityInstruments>(name);
            return new EngineHostedService(provider.GetRequiredKeyedService<EngineLifetime>(name), provider.GetService<IHostApplicationLifetime>(), TimeOf(provider));
        });
        services.AddSingleton<IHostedService>(provider => new AlertService(
            provider.GetRequiredKeyedService<EngineLifetime>(name),
            provider.GetRequiredKeyedService<RecentQuality>(name),
            provider.GetRequiredService<MeterScope>(),
            TimeOf(provider),
            LoggerOf(provider, name)));
        string check = name.Length == 0 ? "pricingcore" : $"pricingcore-{name}";
        services.AddHealthChecks()
            .Add(new HealthCheckRegistration(check + "-live", provider => new LiveCheck(provider.GetRequiredKeyedService<EngineLifetime>(name)), null, ["live"]))
            .Add(new HealthCheckRegistration(check + "-ready", provider => new ReadyCheck(provider.GetRequiredKeyedService<EngineLifetime>(name)), null, ["ready"]));
        return services;
    }

    private static void AddOptions(IServiceCollection services, string name, EngineSection section, Action<PricingOptions>? configure)
    {
        services.AddOptions<PricingHostOptions>(name).Configure(section.ApplyTo);
        services.AddOptions<PricingOptions>(name)
            .Configure(section.ApplyTo)
            .Configure(configure ?? (_ => { }))
            .PostConfigure<IServiceProvider>((options, provider) =>
            {
                options.Logger = options.Logger is NullLogger ? LoggerOf(provider, name) : options.Logger;
                options.TimeProvider = options.TimeProvider == TimeProvider.System ? TimeOf(provider) : options.TimeProvider;
                string root = provider.GetService<IHostEnvironment>()?.ContentRootPath ?? Directory.GetCurrentDirectory();
                var problems = new List<string>();
                EngineFiles.Apply(provider.GetRequiredService<IOptionsMonitor<PricingHostOptions>>().Get(name), options, root, problems);
                section.ProblemsOf(options).AddRange(problems.Select(section.WithKey));
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PricingOptions>>(provider =>
            new EngineOptionsCheck(name, section, provider.GetRequiredService<IOptionsMonitor<PricingHostOptions>>()));
    }

    private static ILogger LoggerOf(IServiceProvider provider, string name) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger(name.Length == 0 ? "PricingCore" : $"PricingCore.{name}") ?? NullLogger.Instance;

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;

    private static T Required<T>(T argument)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }

    private static string RequiredName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name;
    }

    /// <summary>Marks that an engine of this name is there.</summary>
    private sealed record EngineName(string Name);
}
