using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.Events;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: with a collector configured, metrics and traces reach it, and what they say is no user's.
/// Method: a collector of the test's own that keeps what it is sent; names are texts in protobuf, so they can be looked for.
/// </summary>
public sealed class OtlpTelemetryTests : IDisposable
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string User = "user-whose-id-must-not-be-sent";
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Collector_GetsMetricsAndTraces()
    {
        var received = new ConcurrentDictionary<string, StringBuilder>();
        await using WebApplication collector = await StartCollectorAsync(received);
        File.WriteAllText(_folder.At("pricing.json"), $$"""{"Telemetry":{"OtlpEndpoint":"{{collector.Urls.Single()}}","OtlpProtocol":"HttpProtobuf","TraceShare": 1 } }""");
        await using (RunningSidecar sidecar = await RunningSidecar.StartAsync(
            "--config", _folder.At("pricing.json"), "--data", _folder.At("data"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"))
        {
            PricingEngine engine = sidecar.Services.GetRequiredService<PricingEngine>();
            await engine.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow, User), Cancellation);
            using var client = new HttpClient { BaseAddress = new Uri(sidecar.Urls[0]) };
            using var body = new StringContent($$"""{"region_id":"a","product_type":"standard","user_id":"{{User}}"}""", Encoding.UTF8, "application/json");
            body.Headers.Add("traceparent", "00-" + Trace + "-00f067aa0ba902b7-01");
            using HttpResponseMessage answer = await client.PostAsync("/api/v1/pricing/compute", body, Cancellation);
            Assert.Contains(Trace, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        } // The end sends what is left.

        string metrics = received["/v1/metrics"].ToString();
        string traces = received["/v1/traces"].ToString();
        Assert.Contains("pricingcore.decisions", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", metrics, StringComparison.Ordinal);
        Assert.Contains("pricing.decide", traces, StringComparison.Ordinal);
        Assert.Contains("pricing.publish", traces, StringComparison.Ordinal);
        string trace = Encoding.Latin1.GetString(Convert.FromHexString(Trace));
        Assert.Equal(2, (traces.Length - traces.Replace(trace, "", StringComparison.Ordinal).Length) / trace.Length); // The caller's trace: the request, and the decision below it.
        Assert.DoesNotContain(User, metrics + traces, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, StringBuilder> received)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            StringBuilder text = received.GetOrAdd(context.Request.Path, _ => new StringBuilder());
            lock (text)
            {
                text.Append(Encoding.Latin1.GetString(body.ToArray()));
            }
        });
        await collector.StartAsync(Cancellation);
        return collector;
    }
}
