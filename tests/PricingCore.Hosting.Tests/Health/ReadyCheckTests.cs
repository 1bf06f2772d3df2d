using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using PricingCore.Events;
using PricingCore.Hosting.Health;
using PricingCore.Journal;
using PricingCore.Rules;
using PricingCore.Testing.Files;
using PricingCore.Tests;

namespace PricingCore.Hosting.Tests.Health;

/// <summary>
/// Goal: the checks say whether the engine serves, and why not or not well.
/// Method: each trouble is made: a disk that fails, a clock without ticks, a model that is none, a full ring.
/// </summary>
public sealed class ReadyCheckTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly ScratchFolder _folder = new();
    private readonly SimulatedFileStore _files = new(seed: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Durable, HealthStatus.Unhealthy)]
    [InlineData(Durability.Buffered, HealthStatus.Degraded)]
    public async Task Ready_WhileTheDiskFails_SaysSo_AndThenNoMore(Durability durability, HealthStatus expected)
    {
        using IHost host = Build(options => options.Journal = new JournalOptions { Directory = "journal", Durability = durability, Files = _files });
        await host.StartAsync(Cancellation);
        PricingEngine engine = host.Services.GetRequiredService<PricingEngine>();
        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync("pricingcore-ready")).Status);

        _files.FailingSyncs = 1;
        _files.FailingWrites = 1;
        engine.TryPublish(MarketEvent.Search("a", DateTimeOffset.UtcNow));
        HealthReportEntry failing = await UntilAsync(host, entry => entry.Data.ContainsKey("journal_failing"), engine);
        Assert.Equal(expected, failing.Status);
        Assert.Contains("simulated disk", failing.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync("pricingcore-live")).Status); // A restart would not help.

        _files.FailingSyncs = 0;
        _files.FailingWrites = 0;
        await UntilAsync(host, entry => entry.Status == HealthStatus.Healthy, engine);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Ready_WhenNoTickIsHandled_IsDegraded()
    {
        var time = new TimeWithoutTimers();
        using IHost host = Build(options => options.TimeProvider = time);
        await host.StartAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync("pricingcore-ready")).Status);

        time.Now += TimeSpan.FromSeconds(6);

        HealthReportEntry entry = await host.CheckAsync("pricingcore-ready");
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal("Loop 0 has handled no tick for 6 s; windows do not close, and decisions fall back to the rules.", entry.Data["stale_ticks"]);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Ready_WhenTheModelIsRefused_IsDegradedAndPrices()
    {
        HostApplicationBuilder builder = AppHost.Builder(("PricingCore:ModelsDirectory", _folder.Path), ("PricingCore:Model", "demand/9.9.9"));
        builder.Services.AddPricingCore(builder.Configuration, options => options.Rules = RuleSet.Parse(AppHost.Rules));
        using IHost host = builder.Build();
        await host.StartAsync(Cancellation);

        HealthReportEntry entry = await host.CheckAsync("pricingcore-ready");

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("model_refused", entry.Data.Keys);
        Assert.Contains(host.Log().Lines, line => line.Id == 6_013);
        await host.Services.GetRequiredService<PricingEngine>().QuoteAsync(new Quotes.QuoteRequest("a"), Cancellation);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Checks_WhenTheEngineEndsByItself_AskForARestart()
    {
        using IHost host = Build(_ => { });
        await host.StartAsync(Cancellation);
        await host.Services.GetRequiredService<PricingEngine>().DisposeAsync(); // As when a loop has failed: it runs no more, and nobody stopped the host.

        Assert.Equal(HealthStatus.Unhealthy, (await host.CheckAsync("pricingcore-live")).Status);
        Assert.Contains("loop_failed", (await host.CheckAsync("pricingcore-ready")).Data.Keys);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Checks_BeforeTheStart_AreNotReady()
    {
        using IHost host = Build(_ => { });

        Assert.Contains("not_started", (await host.CheckAsync("pricingcore-ready")).Data.Keys);
        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync("pricingcore-live")).Status);
    }

    [Fact]
    public void Codes_AreAllThatThereAre()
    {
        string[] constants = [.. typeof(EngineConditions).GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)];

        Assert.Equal(constants.Order(StringComparer.Ordinal), EngineConditions.Codes.Order(StringComparer.Ordinal));
    }

    private static async Task<HealthReportEntry> UntilAsync(IHost host, Func<HealthReportEntry, bool> isIt, PricingEngine engine)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            HealthReportEntry entry = await host.CheckAsync("pricingcore-ready");
            if (isIt(entry))
            {
                return entry;
            }

            engine.TryPublish(MarketEvent.Search("a", DateTimeOffset.UtcNow)); // Only what is written tells whether the disk works.
            await Task.Yield();
        }
    }

    private static IHost Build(Action<PricingOptions> configure)
    {
        HostApplicationBuilder builder = AppHost.Builder();
        builder.Services.AddPricingCore(options =>
        {
            options.Rules = RuleSet.Parse(AppHost.Rules);
            configure(options);
        });
        return builder.Build();
    }

    /// <summary>A clock that a test moves, and whose timers never fire.</summary>
    private sealed class TimeWithoutTimers : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Noon;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
