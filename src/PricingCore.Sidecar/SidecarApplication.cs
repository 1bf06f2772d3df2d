using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore;
using PricingCore.AspNetCore.Security;
using PricingCore.Hosting;

namespace PricingCore.Sidecar;

/// <summary>Puts the process together: engine, server, endpoints.</summary>
internal static class SidecarApplication
{
    /// <summary>Time for what the engine's own drain does not cover: requests in flight, and the delay before.</summary>
    private static readonly TimeSpan AroundTheDrain = TimeSpan.FromSeconds(10);

    /// <summary>Builds it; nothing runs yet.</summary>
    /// <param name="configuration">The configuration; with problems, only to find out what else is wrong.</param>
    /// <param name="configureLogging">Adds to the logging; null for nothing.</param>
    public static WebApplication Build(SidecarConfiguration configuration, Action<ILoggingBuilder>? configureLogging = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Directory.GetCurrentDirectory() });
        builder.Configuration.Sources.Clear(); // Nothing but the one file, the prefixed environment and the command line counts.
        builder.Configuration.AddConfiguration(configuration.Root);
        builder.Logging.AddConfiguration(configuration.Root.GetSection("Logging"));
        configureLogging?.Invoke(builder.Logging);

        builder.Services.AddPricingMetrics();
        builder.Services.AddPricingCore(configuration.Engine, options => options.LoadPackage = EmbeddedDefaults.LoadModel);
        if (configuration.SampleModel is { } package)
        {
            builder.Services.AddHostedService(services => new SampleModel(
                services.GetRequiredService<EngineLifetime>(), package, services.GetRequiredService<ILoggerFactory>().CreateLogger("PricingCore.Sidecar")));
        }

        if (configuration.Telemetry.OtlpEndpoint is not null && configuration.Problems.Count == 0)
        {
            // After the engine, so that it ends before: there is nothing to read from an engine that has ended.
            builder.Services.AddHostedService(_ => new OtlpTelemetry(configuration.Telemetry));
        }

        builder.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<PricingHostOptions>>(
            (host, engine) => host.ShutdownTimeout = engine.Value.DrainDelay + engine.Value.DrainTimeout + AroundTheDrain);
        Listen(builder, configuration);
        if (configuration.Problems.Count == 0)
        {
            builder.Services.AddPricingSecurity(security => SecuritySettings.Apply(configuration.Root.GetSection("Security"), configuration.Server, security));
        }

        WebApplication application = builder.Build();
        application.Use(new Admittance(configuration.Server).AdmitAsync);
        if (configuration.Problems.Count > 0)
        {
            return application; // It will not run, and its endpoints would throw at the first of them.
        }

        application.UsePricingSecurity();
        application.MapPricing(endpoints =>
        {
            EndpointSettings.Apply(configuration.Root.GetSection("Endpoints"), endpoints);
            endpoints.ModelsDirectory = configuration.Engine[nameof(PricingHostOptions.ModelsDirectory)];
        }).RequirePricingScopes();
        MetricsEndpoint.Map(application);
        return application;
    }

    private static void Listen(WebApplicationBuilder builder, SidecarConfiguration configuration)
    {
        ServerOptions server = configuration.Server;
        if (server.Listen.Concat(server.Admin).Any(address => address.UsesTls))
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ConnectionLimits.Apply(server, kestrel.Limits);
            foreach (ListenAddress address in server.Listen)
            {
                Listen(kestrel, address, isForOperators: false, configuration);
            }

            foreach (ListenAddress address in server.Admin)
            {
                Listen(kestrel, address, isForOperators: true, configuration);
            }
        });
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, bool isForOperators, SidecarConfiguration configuration)
    {
        if (address.Path is { } socket)
        {
            kestrel.ListenUnixSocket(socket, Configure);
        }
        else
        {
            kestrel.Listen(address.EndPoint!, Configure);
        }

        void Configure(ListenOptions listen)
        {
            ListenerMark.Put(listen, isForOperators, address.IsLocal);
            Speak(listen, address, configuration);
        }
    }

    private static void Speak(ListenOptions listen, ListenAddress address, SidecarConfiguration configuration)
    {
        if (address.IsBinary)
        {
            UseTls(listen, address, configuration);
            if (configuration.Problems.Count == 0) // Else it will not run, and who lets clients in is not there.
            {
                BinaryListener.Serve(listen, address, configuration.Binary);
            }

            return;
        }

        listen.Protocols = address.Scheme switch
        {
            ListenScheme.Https => HttpProtocols.Http1AndHttp2,
            ListenScheme.Http2Cleartext => HttpProtocols.Http2,
            _ => HttpProtocols.Http1,
        };
        AbandonedConnections.Release(listen, 2 * configuration.Server.SlowFor);
        if (address.Scheme == ListenScheme.Http)
        {
            HalfClosedClients.Serve(listen, configuration.Server.SlowFor);
        }

        UseTls(listen, address, configuration);
    }

    private static void UseTls(ListenOptions listen, ListenAddress address, SidecarConfiguration configuration)
    {
        ServerCertificates certificates = configuration.Certificates;
        if (!address.UsesTls || certificates.Server is null)
        {
            return;
        }

        var tls = new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificates.Server,
            ClientCertificateMode = configuration.Server.ClientCertificates,
        };
        if (certificates.Authorities is not null)
        {
            tls.ClientCertificateValidation = (certificate, _, _) => certificates.AreOf(certificate);
        }

        listen.UseHttps(tls);
    }
}
