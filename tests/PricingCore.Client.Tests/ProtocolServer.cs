using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore.Binary;
using PricingCore.Rules;

namespace PricingCore.Client.Tests;

/// <summary>An engine behind the binary protocol on a real Kestrel, on a loopback port or a Unix socket.</summary>
internal sealed class ProtocolServer : IAsyncDisposable
{
    public const string Rules = """
        {"rules":[
          {"region_id":"*","product_type":"standard","base_price":12.00,"currency":"USD","max_multiplier":3.0},
          {"region_id":"*","product_type":"yen","base_price":900,"currency":"JPY","max_multiplier":3.0,"increment":10}]}
        """;

    private readonly WebApplication _app;

    private readonly FailureLog _failures;

    private ProtocolServer(WebApplication app, PricingEngine engine, EndPoint endPoint, FailureLog failures)
    {
        _failures = failures;
        _app = app;
        Engine = engine;
        EndPoint = endPoint;
    }

    public PricingEngine Engine { get; }

    public EndPoint EndPoint { get; }

    public static async Task<ProtocolServer> StartAsync(
        Action<BinaryProtocolOptions>? configure = null,
        Action<PricingOptions>? configureEngine = null,
        Action<IServiceCollection>? services = null,
        string? socket = null,
        int port = 0,
        PricingEngine? engine = null)
    {
        var options = new PricingOptions { Rules = RuleSet.Parse(Rules), UserEventsPerMinute = 0 };
        configureEngine?.Invoke(options);
        engine ??= PricingEngine.Start(options);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(engine); // An instance: the container does not dispose it.
        var failures = new FailureLog();
        builder.Services.AddLogging(logging => logging.AddProvider(failures));
        services?.Invoke(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (socket is null)
            {
                kestrel.Listen(IPAddress.Loopback, port, listen => listen.UsePricingProtocol(configure));
            }
            else
            {
                kestrel.ListenUnixSocket(socket, listen => listen.UsePricingProtocol(configure));
            }
        });
        WebApplication app = builder.Build();
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        EndPoint endPoint = socket is null ? new IPEndPoint(IPAddress.Loopback, new Uri(address).Port) : new System.Net.Sockets.UnixDomainSocketEndPoint(socket);
        return new ProtocolServer(app, engine, endPoint, failures);
    }

    public PricingClient Connect(Action<PricingClientOptions>? configure = null)
    {
        var options = new PricingClientOptions { EndPoint = EndPoint };
        configure?.Invoke(options);
        return new PricingClient(options);
    }

    /// <summary>Stops to listen and ends every connection; the engine goes on.</summary>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        Assert.Empty(_failures.Messages); // No test is to make the server fail.
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Engine.DisposeAsync();
    }
}
