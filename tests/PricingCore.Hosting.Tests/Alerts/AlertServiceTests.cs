using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Hosting.Prometheus;
using PricingCore.Rules;
using PricingCore.Tests;

namespace PricingCore.Hosting.Tests.Alerts;

/// <summary>
/// Goal: what happens in an engine reaches log, metrics and webhook by configuration alone; wrong options are refused together; no secret is logged.
/// Method: whole hosts with a receiver on loopback, data that are too old and then not any more, and spikes.
/// </summary>
public sealed class AlertServiceTests : IDisposable
{
    private const string Secret = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Alerts_BeginAndEnd_InLogMetricsAndWebhook()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(200);
        File.WriteAllText(_folder.At("secret"), Secret + "\n");
        HostApplicationBuilder builder = AppHost.Builder(
            ("PricingCore:Quality:MaxFreshness", "60s"),
            ("PricingCore:TickInterval", "100ms"),
            ("PricingCore:Alerts:CheckInterval", "1s"),
            ("PricingCore:Alerts:Webhook:Url", receiver.Url),
            ("PricingCore:Alerts:Webhook:SecretFile", _folder.At("secret")));
        builder.Services.AddPricingMetrics();
        builder.Services.AddPricingCore(builder.Configuration, options => options.Rules = RuleSet.Parse(AppHost.Rules));
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        PricingEngine engine = host.Services.GetRequiredService<PricingEngine>();

        await engine.PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow.AddMinutes(-9)), Cancellation);
        JsonElement raised = await DataOfAsync(receiver, "pricingcore.alert.raised");
        Assert.Equal(("data_quality", "freshness", 60), (raised.GetProperty("kind").GetString(), raised.GetProperty("measure").GetString(), raised.GetProperty("threshold").GetInt32()));
        Assert.True(raised.GetProperty("value").GetDouble() > 500);

        await engine.PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow), Cancellation);
        JsonElement resolved = await DataOfAsync(receiver, "pricingcore.alert.resolved");
        Assert.Equal(raised.GetProperty("started_at").GetString(), resolved.GetProperty("started_at").GetString());
        Assert.NotNull(resolved.GetProperty("resolved_at").GetString());

        engine.Spikes.Add(new DemandSpike(0, 7.5f, 1_772_625_600_000_000));
        engine.Spikes.Add(new DemandSpike(0, 8.5f, 1_772_625_601_000_000)); // Within the quiet time.
        JsonElement spike = await DataOfAsync(receiver, "pricingcore.alert.raised");
        Assert.Equal(("demand_spike", "a", 7.5, 5), (spike.GetProperty("kind").GetString(), spike.GetProperty("region_id").GetString(), spike.GetProperty("value").GetDouble(), spike.GetProperty("threshold").GetInt32()));

        await host.StopAsync(Cancellation);
        string[] metrics = Metrics(host);
        Assert.Contains("pricingcore_alerts_total{engine=\"default\",kind=\"data_quality\"} 1", metrics);
        Assert.Contains("pricingcore_alerts_total{engine=\"default\",kind=\"demand_spike\"} 1", metrics);
        Assert.Contains("pricingcore_alerts_webhook_total{engine=\"default\",outcome=\"delivered\"} 3", metrics);
        Assert.Equal([6_020, 6_021, 6_020], host.Log().Lines.Where(line => line.Id is >= 6_020 and <= 6_024).Select(line => line.Id));
        Assert.True(receiver.IsQuiet);
        Assert.DoesNotContain(host.Log().Lines, line => line.Text.Contains("AQIDBAUG", StringComparison.Ordinal) || line.Text.Contains("token-in-the-path", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Alerts_AreOfConditionsAndRollBacksToo_AndNeedNoWebhook()
    {
        File.WriteAllText(_folder.At("rules.json"), AppHost.Rules);
        HostApplicationBuilder builder = AppHost.Builder(
            ("PricingCore:RulesFile", _folder.At("rules.json")), ("PricingCore:RulesPollInterval", "100ms"), ("PricingCore:Alerts:CheckInterval", "1s"));
        builder.Services.AddPricingCore(builder.Configuration);
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        PricingEngine engine = host.Services.GetRequiredService<PricingEngine>();

        File.WriteAllText(_folder.At("rules.json"), "{}");
        Assert.StartsWith("Engine 'default', alert rules_refused: ", await host.Log().UntilAsync(6_020), StringComparison.Ordinal);
        File.WriteAllText(_folder.At("rules.json"), AppHost.Rules);
        Assert.StartsWith("Engine 'default', alert rules_refused is over after ", await host.Log().UntilAsync(6_021), StringComparison.Ordinal);
        await engine.Models.DeployAsync(SeasonalNaiveForecaster.Instance, Rollout.Fixed, Cancellation);
        await engine.Models.RollBackAsync("prices are too high");
        Assert.Equal("Engine 'default', alert rolled_back: A model went back: prices are too high.", await host.Log().UntilAsync(6_020, times: 2));

        await host.StopAsync(Cancellation);
        Assert.Equal(2, host.Log().Lines.Count(line => line.Id == 6_020)); // A drain is no alert.
    }

    [Fact]
    public async Task Start_WithWrongAlertOptions_SaysAllOfIt_AndShowsNoSecret()
    {
        File.WriteAllText(_folder.At("short"), "whsec_c2hvcnQ=");
        HostApplicationBuilder builder = AppHost.Builder(
            ("PricingCore:Quality:MaxErrorShare", "2"),
            ("PricingCore:Quality:MaxFreshnes", "1s"),
            ("PricingCore:Alerts:CheckInterval", "0s"),
            ("PricingCore:Alerts:QuietTime", "soon"),
            ("PricingCore:Alerts:Webhook:Url", "http://user:hidden@example.com/hidden"),
            ("PricingCore:Alerts:Webhook:SecretFile", _folder.At("short")),
            ("PricingCore:Alerts:Webhook:Attempts", "0"));
        builder.Services.AddPricingCore(builder.Configuration);
        using IHost host = builder.Build();

        string[] errors = [.. (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation))).Failures];

        string[] expected =
        [
            "PricingCore:Quality:MaxErrorShare is 2; it must be from 0 to 1.",
            "PricingCore:Quality:MaxFreshnes is not known; the nearest is PricingCore:Quality:MaxFreshness.",
            "PricingCore:Alerts:CheckInterval is 00:00:00; it must be from 00:00:01 to 00:10:00.",
            "PricingCore:Alerts:QuietTime is 'soon'; write it as 00:00:30 or 30s (ms, s, m, h, d); it must be from 00:00:00 to 1.00:00:00.",
            "PricingCore:Alerts:Webhook:Url is not legal; it must be an https:// address, or http:// to loopback, without user and password.",
            "PricingCore:Alerts:Webhook:Attempts is 0; it must be from 1 to 20.",
        ];
        Assert.All(expected, error => Assert.Contains(error, errors));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:Alerts:Webhook:SecretFile: " + _folder.At("short"), StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("hidden", StringComparison.Ordinal) || error.Contains("c2hvcnQ", StringComparison.Ordinal));
    }

    [Fact]
    public void Spikes_ThatNobodyTakes_AreBounded()
    {
        var spikes = new SpikeReports();
        spikes.Add(new DemandSpike(1, 6, 1));
        Assert.False(spikes.TryTake(out _)); // Nobody had asked for it.

        spikes.IsUsed = true;
        for (int i = 0; i < 2_000; i++)
        {
            spikes.Add(new DemandSpike(i, 6, 1));
        }

        Assert.Equal(2_000 - 1_024, spikes.Dropped);
        Assert.True(spikes.TryTake(out DemandSpike first) && first.Region == 0);
    }

    private static async Task<JsonElement> DataOfAsync(WebhookReceiver receiver, string type)
    {
        JsonElement json = JsonDocument.Parse((await receiver.NextAsync()).Body).RootElement;
        Assert.Equal(type, json.GetProperty("type").GetString());
        return json.GetProperty("data");
    }

    private static string[] Metrics(IHost host)
    {
        var buffer = new ArrayBufferWriter<byte>();
        host.Services.GetRequiredService<PrometheusMetrics>().Write(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan).Split('\n');
    }
}
