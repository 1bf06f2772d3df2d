using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PricingCore.Hosting.Tests.Alerts;

/// <summary>A web server on loopback that takes alerts, and answers as a test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hooks/token-in-the-path";

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers the request with this number, from 1 on.</param>
    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, int, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var receiver = new WebhookReceiver(app);
        int number = 0;
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await receiver._deliveries.Writer.WriteAsync(new Delivery(
                context.Request.Path, context.Request.ContentType, context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!,
                context.Request.Headers["webhook-signature"], body.ToArray()));
            await answer(context, Interlocked.Increment(ref number));
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Answers every request with a status.</summary>
    public static Task<WebhookReceiver> StartAsync(int status) => StartAsync((context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    });

    /// <summary>The next request.</summary>
    public async Task<Delivery> NextAsync() => await _deliveries.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    /// <summary>Whether no request waits to be looked at.</summary>
    public bool IsQuiet => _deliveries.Reader.Count == 0;

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)); // Requests that are never answered must not hold the test up.
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    internal sealed record Delivery(string Path, string? ContentType, string Id, string Timestamp, string? Signature, byte[] Body);
}
