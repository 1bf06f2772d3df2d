using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using PricingCore.Events;
using PricingCore.Hosting.Prometheus;
using PricingCore.Quotes;
using PricingCore.Tests;
using PricingCore.Tests.Conventions;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: what a running sidecar tells Prometheus is right in form and content, and alerts and dashboard name nothing that is not there.
/// Method: a sidecar that has priced, read over HTTP; promtool judges form and rules.
/// </summary>
public sealed partial class MetricsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Deploy => Path.Combine(Repository.Root, "deploy");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_OfAnEngineThatHasWorked_AreThereAndWellFormed()
    {
        await using RunningSidecar sidecar = await StartAsync();
        string text = await WorkAndReadAsync(sidecar);

        string[] expected =
        [
            "pricingcore_events_applied_total{engine=\"default\",kind=\"booking\"} 3",
            "pricingcore_events_duplicates_total{engine=\"default\"} 1",
            "pricingcore_events_rejected_total{engine=\"default\",reason=\"invalid_region\"} 1",
            "pricingcore_decisions_total{engine=\"default\"} 1",
            "pricingcore_ready{engine=\"default\"} 1",
            "pricingcore_condition{engine=\"default\",condition=\"journal_failing\"} 0",
            "pricingcore_ring_capacity{engine=\"default\",loop=\"0\"} 65536",
            "pricingcore_audit_capacity{engine=\"default\"} 65536",
            "# TYPE pricingcore_journal_write_duration_seconds histogram",
            "# TYPE pricingcore_publish_duration_seconds histogram",
            "# TYPE http_server_request_duration_seconds histogram",
            "# TYPE dotnet_process_cpu_time_seconds_total counter",
        ];
        string[] lines = text.Split('\n');
        string[] missing = [.. expected.Except(lines)];
        Assert.True(missing.Length == 0, $"Missing:\n{string.Join('\n', missing)}\nof:\n{string.Join('\n', lines.Where(line => line.StartsWith("pricingcore_", StringComparison.Ordinal)))}");
        Finished check = await Finished.RunAsync("promtool", ["check", "metrics"], text);
        Assert.True(check.Code == 0, check.Output);
    }

    [Theory]
    [InlineData("prometheus/alerts.yml")]
    [InlineData("grafana/pricingcore.json")]
    [InlineData("../docs/operating.md")]
    public async Task WhatNamesMetrics_NamesOnesThatThereAre(string file)
    {
        await using RunningSidecar sidecar = await StartAsync();
        await WorkAndReadAsync(sidecar);
        HashSet<string> there = [.. sidecar.Services.GetRequiredService<PrometheusMetrics>().Names];

        string[] unknown = [.. MetricName().Matches(File.ReadAllText(Path.Combine(Deploy, file))).Select(match => match.Value).Distinct().Where(name => !there.Contains(name))];

        Assert.True(unknown.Length == 0, $"{file} names metrics that do not exist: {string.Join(", ", unknown)}");
    }

    [Fact]
    public async Task Dashboard_ShowsEveryMetricOfTheEngine()
    {
        await using RunningSidecar sidecar = await StartAsync();
        string dashboard = File.ReadAllText(Path.Combine(Deploy, "grafana", "pricingcore.json"));

        string[] missing = [.. sidecar.Services.GetRequiredService<PrometheusMetrics>().Names
            .Where(name => name.StartsWith("pricingcore_", StringComparison.Ordinal) && !name.EndsWith("_bucket", StringComparison.Ordinal)
                && !name.EndsWith("_sum", StringComparison.Ordinal) && !name.EndsWith("_count", StringComparison.Ordinal))
            .Where(name => !dashboard.Contains(name, StringComparison.Ordinal))];

        Assert.True(missing.Length == 0, $"The dashboard leaves out: {string.Join(", ", missing)}");
    }

    [Theory]
    [InlineData("check", "rules", "prometheus/alerts.yml")]
    [InlineData("test", "rules", "prometheus/alerts_test.yml")]
    public async Task Alerts_AreRight(string verb, string what, string file)
    {
        Finished run = await Finished.RunAsync("promtool", [verb, what, Path.Combine(Deploy, file)]);

        Assert.True(run.Code == 0, run.Output);
    }

    private Task<RunningSidecar> StartAsync() => RunningSidecar.StartAsync("--data", _folder.Path, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0");

    private static async Task<string> WorkAndReadAsync(RunningSidecar sidecar)
    {
        PricingEngine engine = sidecar.Services.GetRequiredService<PricingEngine>();
        for (int i = 0; i < 3; i++)
        {
            await engine.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow), Cancellation);
        }

        await engine.PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow) with { IdempotencyKey = "once" }, Cancellation);
        await engine.PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow) with { IdempotencyKey = "once" }, Cancellation);
        engine.TryPublish(MarketEvent.Search("", DateTimeOffset.UtcNow));
        await engine.QuoteAsync(new QuoteRequest("a", "standard"), Cancellation);
        using var client = new HttpClient { BaseAddress = new Uri(sidecar.Urls[1]) };
        await client.GetStringAsync("/readyz", Cancellation);
        HttpResponseMessage answer = await client.GetAsync("/metrics", Cancellation);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    [GeneratedRegex(@"\b(pricingcore|dotnet|http_server|kestrel)_[a-z_]*[a-z]\b")]
    private static partial Regex MetricName();
}
