using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PricingCore.Events;
using PricingCore.Hosting.Prometheus;
using PricingCore.Rules;

namespace PricingCore.Hosting.Tests.Prometheus;

/// <summary>
/// Goal: each engine's numbers are its own, by its name, and another host's in the same process are not among them.
/// Method: two hosts, one with two engines.
/// </summary>
public sealed class EngineInstrumentsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AreOfEachEngineByName_AndOfNoOtherHost()
    {
        using IHost host = Build("east", "west");
        using IHost other = Build("east");
        await host.StartAsync(Cancellation);
        await other.StartAsync(Cancellation);
        PricingEngine east = host.Services.GetRequiredKeyedService<PricingEngine>("east");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Rejection.None, await east.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow), Cancellation));
        }

        await other.Services.GetRequiredKeyedService<PricingEngine>("east").PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow), Cancellation);

        string[] lines = Lines(host);
        Assert.Contains("pricingcore_events_applied_total{engine=\"east\",kind=\"booking\"} 3", lines);
        Assert.DoesNotContain(lines, line => line.Contains("kind=\"search\"", StringComparison.Ordinal));
        Assert.Contains("pricingcore_regions{engine=\"east\"} 1", lines);
        Assert.Contains("pricingcore_regions{engine=\"west\"} 0", lines);
        Assert.Contains("pricingcore_ready{engine=\"west\"} 1", lines);

        await host.StopAsync(Cancellation);
        lines = Lines(host);
        Assert.Contains("pricingcore_ready{engine=\"east\"} 0", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("pricingcore_regions", StringComparison.Ordinal)); // Not known is not 0.
        await other.StopAsync(Cancellation);
    }

    private static string[] Lines(IHost host)
    {
        var buffer = new ArrayBufferWriter<byte>();
        host.Services.GetRequiredService<PrometheusMetrics>().Write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan).Split('\n');
    }

    private static IHost Build(params string[] engines)
    {
        HostApplicationBuilder builder = AppHost.Builder();
        builder.Services.AddPricingMetrics();
        foreach (string name in engines)
        {
            builder.Services.AddPricingCore(name, options => options.Rules = RuleSet.Parse(AppHost.Rules));
        }

        return builder.Build();
    }
}
