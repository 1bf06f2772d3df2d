using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.Rules;

namespace PricingCore.AspNetCore.Tests;

/// <summary>An engine behind a real Kestrel on loopback, at a port of the system's choice, and a client of it.</summary>
internal sealed class PricingServer : IAsyncDisposable
{
    public const string Rules = """
        {"rules":[{"region_id":"*","product_type":"standard","base_price":12.00,"currency":"USD"},
                  {"region_id":"tokyo","product_type":"standard","base_price":1200,"currency":"JPY"}]}
        """;

    private readonly WebApplication _app;

    private PricingServer(WebApplication app, PricingEngine engine, ConcurrentQueue<Exception> unhandled)
    {
        Unhandled = unhandled;
        _app = app;
        Engine = engine;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public PricingEngine Engine { get; }

    /// <summary>What endpoints threw.</summary>
    public IReadOnlyCollection<Exception> Unhandled { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<PricingServer> StartAsync(
        Action<PricingOptions>? engine = null, Action<PricingEndpointOptions>? endpoints = null, Action<WebApplication>? map = null)
    {
        var options = new PricingOptions // Small tables: each test has an engine of its own.
        {
            Rules = RuleSet.Parse(Rules),
            MaxRegions = 1_024,
            MaxUnits = 4_096,
            MaxSessions = 4_096,
            MaxIdempotencyKeys = 65_536,
            RingCapacityEvents = 16_384,
        };
        engine?.Invoke(options);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        PricingEngine started = PricingEngine.Start(options);
        builder.Services.AddSingleton(started);
        WebApplication app = builder.Build();
        var unhandled = new ConcurrentQueue<Exception>();
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception failure)
            {
                unhandled.Enqueue(failure);
                throw;
            }
        });
        app.MapPricing(endpoints);
        map?.Invoke(app);
        await app.StartAsync();
        return new PricingServer(app, started, unhandled);
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, string json, string mediaType = "application/json") =>
        await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, mediaType) });

    public async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, byte[] body, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(mediaType);
        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path) => await SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await Client.SendAsync(request);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        return (response.StatusCode, body.Length == 0 ? default : JsonDocument.Parse(body).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Engine.DisposeAsync();
    }
}
