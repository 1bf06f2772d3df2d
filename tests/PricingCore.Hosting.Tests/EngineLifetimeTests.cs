using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Tests;

namespace PricingCore.Hosting.Tests;

/// <summary>
/// Goal: the host starts the engine before whoever needs it, drains it when it stops, and loses nothing on the way; two engines do not meet.
/// Method: real hosts and files.
/// </summary>
public sealed class EngineLifetimeTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public EngineLifetimeTests() => File.WriteAllText(_folder.At("rules.json"), AppHost.Rules);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Host_StartsAndDrainsAndGoesOnWhereItWas()
    {
        DecisionId decision;
        using (IHost host = Build())
        {
            await host.StartAsync(Cancellation);
            PricingEngine engine = host.Services.GetRequiredService<PricingEngine>();
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal(Rejection.None, await engine.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow, $"user-{i}"), Cancellation));
            }

            decision = (await engine.QuoteAsync(new QuoteRequest("a"), Cancellation)).Decision.Id;
            Assert.Equal(EngineState.Running, host.Services.GetRequiredService<EngineLifetime>().State);

            await host.StopAsync(Cancellation);
            Assert.Equal(EngineState.Stopped, host.Services.GetRequiredService<EngineLifetime>().State);
            Assert.False(engine.IsRunning);
            Assert.Single(host.Log().Lines, line => line.Id == 6_006);
            Assert.DoesNotContain(host.Log().Lines, line => line.Level >= LogLevel.Warning);
        }

        Assert.Single(Directory.GetFiles(_folder.At("data", "journal", "snapshots"), "*.snap"));
        Assert.True(File.Exists(_folder.At("data", "keys", "subjects.key")));
        using IHost again = Build();
        await again.StartAsync(Cancellation);
        PricingEngine next = again.Services.GetRequiredService<PricingEngine>();

        Assert.Equal(100, next.Statistics.Applied);
        Assert.NotNull(next.Recovery.Snapshot);
        Assert.True(next.Recovery.Records < 100, $"{next.Recovery.Records} records were handled again, in spite of the last snapshot.");
        Assert.Null(next.Recovery.Difference);
        Assert.True(next.TryQuote(new QuoteRequest("a"), out Quote quote));
        Assert.Equal(decision, quote.Decision.Id);
        await again.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Host_StartsTheEngineForServicesThatNeedItInTheirConstructor()
    {
        HostApplicationBuilder builder = AppHost.Builder();
        builder.Services.AddHostedService<NeedsTheEngine>();
        builder.Services.AddPricingCore(options => options.Rules = RuleSet.Parse(AppHost.Rules));
        using IHost host = builder.Build();

        await host.StartAsync(Cancellation);

        Assert.True(host.Services.GetRequiredService<PricingEngine>().IsRunning);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task TwoEngines_HaveTheirOwnRulesAndState()
    {
        HostApplicationBuilder builder = AppHost.Builder();
        builder.Services.AddPricingCore("east", options => options.Rules = RuleSet.Parse(AppHost.Rules));
        builder.Services.AddPricingCore("west", options => options.Rules = RuleSet.Parse(AppHost.Rules.Replace("12.00", "24.00", StringComparison.Ordinal)));
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        PricingEngine east = host.Services.GetRequiredKeyedService<PricingEngine>("east");
        PricingEngine west = host.Services.GetRequiredKeyedService<PricingEngine>("west");

        Assert.Equal(Rejection.None, await east.PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow), Cancellation));
        Quote eastern = await east.QuoteAsync(new QuoteRequest("a"), Cancellation);
        Quote western = await west.QuoteAsync(new QuoteRequest("a"), Cancellation);

        Assert.NotSame(east, west);
        Assert.Equal((1, 0), (east.Statistics.Applied, west.Statistics.Applied));
        Assert.Equal(2 * eastern.BasePrice.MinorUnits, western.BasePrice.MinorUnits);
        Assert.Equal(["pricingcore-east-ready", "pricingcore-west-ready"], await ReadyNamesAsync(host));
        Assert.Null(host.Services.GetService<PricingEngine>());
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task RulesFile_WhenItChanges_IsInForce_AndWhenWrong_IsRefused()
    {
        using IHost host = Build();
        await host.StartAsync(Cancellation);
        PricingEngine engine = host.Services.GetRequiredService<PricingEngine>();
        EngineLifetime lifetime = host.Services.GetRequiredService<EngineLifetime>();
        Assert.Equal(1_200, (await engine.QuoteAsync(new QuoteRequest("a"), Cancellation)).BasePrice.MinorUnits);

        File.WriteAllText(_folder.At("rules.json"), AppHost.Rules.Replace("12.00", "24.00", StringComparison.Ordinal));
        await host.Log().UntilAsync(6_010);
        Assert.Equal(2_400, (await engine.QuoteAsync(new QuoteRequest("a"), Cancellation)).BasePrice.MinorUnits);

        File.WriteAllText(_folder.At("rules.json"), "{");
        Assert.Contains("line 1", await host.Log().UntilAsync(6_011), StringComparison.Ordinal);
        Assert.NotNull(lifetime.RulesProblem);
        Assert.Equal(2_400, (await engine.QuoteAsync(new QuoteRequest("a"), Cancellation)).BasePrice.MinorUnits);

        File.WriteAllText(_folder.At("rules.json"), AppHost.Rules);
        await host.Log().UntilAsync(6_010, times: 2);
        Assert.Equal(1_200, (await engine.QuoteAsync(new QuoteRequest("a"), Cancellation)).BasePrice.MinorUnits);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task BackgroundStart_LetsTheHostServe_AndSaysThatItRecovers()
    {
        using (IHost first = Build())
        {
            await first.StartAsync(Cancellation);
            Assert.Equal(Rejection.None, await first.Services.GetRequiredService<PricingEngine>().PublishAsync(MarketEvent.Search("a", DateTimeOffset.UtcNow), Cancellation));
            await first.StopAsync(Cancellation);
        }

        Directory.Delete(_folder.At("data", "journal", "snapshots"), recursive: true); // So that there is something to handle again.
        using var isRecovering = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        using IHost host = Build(options => options.RecoveryProgress = _ =>
        {
            isRecovering.Set();
            mayGoOn.Wait();
        }, ("PricingCore:StartInBackground", "true"));
        await host.StartAsync(Cancellation);
        Assert.True(isRecovering.Wait(TimeSpan.FromSeconds(30), Cancellation), "The recovery did not report.");
        EngineLifetime lifetime = host.Services.GetRequiredService<EngineLifetime>();

        Assert.Equal(EngineState.Starting, lifetime.State);
        Assert.Null(lifetime.Engine);
        Assert.Equal(EngineState.Starting, Assert.Throws<EngineNotReadyException>(host.Services.GetRequiredService<PricingEngine>).State);
        Assert.Contains("recovering", (await host.CheckAsync("pricingcore-ready")).Data.Keys);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, (await host.CheckAsync("pricingcore-live")).Status);

        mayGoOn.Set();
        await host.Log().UntilAsync(6_001);
        Assert.Equal(1, host.Services.GetRequiredService<PricingEngine>().Statistics.Applied);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, (await host.CheckAsync("pricingcore-ready")).Status);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task BackgroundStart_WhenItFails_StopsTheHost()
    {
        Directory.CreateDirectory(_folder.At("data"));
        File.WriteAllText(_folder.At("data", "journal"), "a file where a directory should be");
        using IHost host = Build(null, ("PricingCore:StartInBackground", "true"));
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        await host.StartAsync(Cancellation);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        EngineLifetime lifetime = host.Services.GetRequiredService<EngineLifetime>();
        Assert.Equal(EngineState.Failed, lifetime.State);
        Assert.IsAssignableFrom<IOException>(lifetime.Failure);
        Assert.Equal(EngineState.Failed, Assert.Throws<EngineNotReadyException>(lifetime.GetEngine).State);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task DrainDelay_ServesOnWhileNotReady()
    {
        var time = new HandTimeForDelays();
        using IHost host = Build(null, ("PricingCore:DrainDelay", "10s"), ("PricingCore:Journal:Durability", "None"));
        await host.StartAsync(Cancellation);
        PricingEngine engine = host.Services.GetRequiredService<PricingEngine>();
        var service = new EngineHostedService(host.Services.GetRequiredService<EngineLifetime>(), null, time);

        Task stopping = service.StoppingAsync(Cancellation);

        Assert.False(stopping.IsCompleted);
        Assert.Contains("draining", (await host.CheckAsync("pricingcore-ready")).Data.Keys);
        Assert.True(engine.TryPublish(MarketEvent.Search("a", DateTimeOffset.UtcNow)));
        time.Fire();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await host.StopAsync(Cancellation);
    }

    private static async Task<string[]> ReadyNamesAsync(IHost host)
    {
        var checks = host.Services.GetRequiredService<Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckService>();
        return [.. (await checks.CheckHealthAsync(check => check.Tags.Contains("ready"), Cancellation)).Entries.Keys.Order(StringComparer.Ordinal)];
    }

    private IHost Build(Action<PricingOptions>? configure = null, params (string, string)[] more)
    {
        HostApplicationBuilder builder = AppHost.Builder(
            [("PricingCore:DataDirectory", _folder.At("data")), ("PricingCore:RulesFile", _folder.At("rules.json")), ("PricingCore:RulesPollInterval", "100ms"), .. more]);
        builder.Services.AddPricingCore(builder.Configuration, configure ?? (_ => { }));
        return builder.Build();
    }

    private sealed class NeedsTheEngine(PricingEngine engine) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Assert.True(engine.IsRunning);
            return Task.CompletedTask;
        }
    }

    /// <summary>A clock whose delays end when the test says so.</summary>
    private sealed class HandTimeForDelays : TimeProvider
    {
        private Action? _fire;

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
