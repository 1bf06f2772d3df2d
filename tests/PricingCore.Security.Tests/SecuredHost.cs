using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore;
using PricingCore.AspNetCore.Binary;
using PricingCore.AspNetCore.Security;
using PricingCore.Rules;

namespace PricingCore.Security.Tests;

/// <summary>An engine behind HTTP and the binary protocol with security on, on loopback ports, and everything that it logs.</summary>
internal sealed class SecuredHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PricingEngine _engine;
    private readonly LogLines _log;

    private SecuredHost(WebApplication app, PricingEngine engine, LogLines log, Uri address, Uri otherAddress, EndPoint binary)
    {
        _app = app;
        _engine = engine;
        _log = log;
        Client = new HttpClient { BaseAddress = address };
        Other = new HttpClient { BaseAddress = otherAddress };
        Binary = binary;
    }

    public HttpClient Client { get; }

    /// <summary>The same host on another port.</summary>
    public HttpClient Other { get; }

    public EndPoint Binary { get; }

    public string Log => string.Join('\n', _log.Lines);

    public static async Task<SecuredHost> StartAsync(Action<PricingSecurityOptions> configure, TimeProvider? time = null)
    {
        PricingEngine engine = PricingEngine.Start(new PricingOptions
        {
            Rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}"""),
        });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new LogLines();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton(engine);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddPricingSecurity(configure);
        int binaryPort = FreePort();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, binaryPort, listen => listen.UsePricingProtocol());
        });
        WebApplication app = builder.Build();
        app.UsePricingSecurity();
        app.MapPricing().RequirePricingScopes();
        await app.StartAsync();
        Uri[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).Where(address => address.Port != binaryPort)];
        return new SecuredHost(app, engine, log, addresses[0], addresses[1], new IPEndPoint(IPAddress.Loopback, binaryPort));
    }

    /// <summary>Asks for a price.</summary>
    public async Task<HttpResponseMessage> QuoteAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/pricing/compute")
        {
            Content = new StringContent("""{"region_id":"midtown","product_type":"standard","user_id":"very-private-user"}""", Encoding.UTF8, "application/json"),
        };
        return await SendAsync(Client, request, headers);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(Client, request, headers);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Other.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
            foreach (KeyValuePair<string, object?> value in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                Lines.Enqueue($"{value.Key}={value.Value}");
            }
        }

        public void Dispose()
        {
        }
    }
}
