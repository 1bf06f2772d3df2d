using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;
using PricingCore.Testing.Forecasts;
using static PricingCore.Tests.Engine.ModelMarket;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a deployed model prices, and one that misbehaves never stops or delays a price.
/// Method: scripted models on the real inference thread, a clock moved by hand; awaiting a published event is the barrier after which the
/// loop has handled everything before it.
/// </summary>
public sealed class ModelDeploymentTests
{
    private static readonly string SampleModel = Path.Combine(Conventions.Repository.Root, "models", "demand", "1.0.0");
    private readonly ModelMarket _market = new();

    [Fact]
    public async Task DeployAsync_Fixed_PricesEveryDecisionFromThenOn()
    {
        await using PricingEngine engine = _market.Start();
        Quote before = await engine.QuoteAsync(Request);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("demand/1.0.0", 0.9f, 42), Rollout.Fixed);
        Quote after = await engine.QuoteAsync(Request);

        Assert.Equal((ForecastSource.Baseline, "seasonal-naive-1"), (before.Decision.ForecastSource, before.Decision.ModelVersion));
        Assert.Equal((ForecastSource.Model, "demand/1.0.0"), (after.Decision.ForecastSource, after.Decision.ModelVersion));
        Assert.Equal(42, after.Decision.Forecast.ExpectedDemand);
        Assert.Equal("demand/1.0.0", engine.Models.Status.StableVersion);
        Assert.NotEqual(before.Price, after.Price);
    }

    [Fact]
    public async Task Start_WithAForecaster_PricesFromTheFirstQuote()
    {
        await using PricingEngine engine = _market.Start(options => options.Forecaster = ScriptedForecaster.Constant("m/1.0.0", 0.9f));
        Assert.Equal("m/1.0.0", (await engine.QuoteAsync(Request)).Decision.ModelVersion);
    }

    [Fact]
    public async Task Start_WithAForecasterAndMoreLoopsThanMayWait_PricesByIt()
    {
        await using PricingEngine engine = _market.Start(options => (options.Forecaster, options.Shards, options.MaxWaitingRequests) = (ScriptedForecaster.Constant("m/1.0.0", 0.9f), 3, 1));

        Assert.Equal("m/1.0.0", engine.Models.Status.StableVersion);
        Assert.Equal("m/1.0.0", (await engine.QuoteAsync(Request)).Decision.ModelVersion);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(7f)]
    public async Task QuoteAsync_WhenTheModelAnswersNonsense_FallsBackToTheBaseline(float score)
    {
        await using PricingEngine engine = _market.Start();
        Quote baseline = await engine.QuoteAsync(Request);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", score), Rollout.Fixed);
        Quote quote = await engine.QuoteAsync(Request);

        Assert.Equal((ForecastSource.Fallback, "seasonal-naive-1"), (quote.Decision.ForecastSource, quote.Decision.ModelVersion));
        Assert.Equal(baseline.Price, quote.Price);
        Assert.Equal(1, engine.Statistics.Fallbacks);
    }

    [Fact]
    public async Task QuoteAsync_WhenTheModelThrows_FallsBack_AndStopsAskingAfterSomeMisses()
    {
        int calls = 0;
        bool isWell = true;
        var model = new ScriptedForecaster("m/1.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int h) =>
        {
            Interlocked.Increment(ref calls);
            return Volatile.Read(ref isWell) ? new Forecast(0.5f, 0.5f, 1, 0, 2, h) : throw new InvalidOperationException("broken");
        });
        await using PricingEngine engine = _market.Start(options => options.ForecastMissesBeforePause = 3);
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        Volatile.Write(ref isWell, false);
        calls = 0;

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(ForecastSource.Fallback, (await engine.QuoteAsync(new QuoteRequest($"region-{i}"))).Decision.ForecastSource);
        }

        Assert.Equal(3, calls);
        Volatile.Write(ref isWell, true);
        _market.Time.Advance(TimeSpan.FromSeconds(6)); // The pause is over: one request tries, and the model is back.
        Assert.Equal(ForecastSource.Model, (await engine.QuoteAsync(new QuoteRequest("after"))).Decision.ForecastSource);
        Assert.Equal(ForecastSource.Model, (await engine.QuoteAsync(new QuoteRequest("after-2"))).Decision.ForecastSource);
    }

    [Fact]
    public async Task QuoteAsync_WhenTheModelHangs_FallsBackAtTheDeadline()
    {
        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        bool hangs = false;
        var model = new ScriptedForecaster("m/1.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int h) =>
        {
            if (Volatile.Read(ref hangs))
            {
                entered.Release();
                release.Wait();
            }

            return new Forecast(0.9f, 0.5f, 1, 0, 2, h);
        });
        await using PricingEngine engine = _market.Start();
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        Volatile.Write(ref hangs, true);

        Task<Quote> waiting = engine.QuoteAsync(Request).AsTask();
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));
        await Barrier(engine);
        _market.Time.Advance(TimeSpan.FromMilliseconds(19));
        await Barrier(engine);
        Assert.False(waiting.IsCompleted);
        _market.Time.Advance(TimeSpan.FromMilliseconds(2));
        Quote quote = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ForecastSource.Fallback, quote.Decision.ForecastSource);
        release.Set();
    }

    [Fact]
    public async Task DeployAsync_OfAModelThatFailsWhenWarmedUp_IsRefused_AndTheRunningOneStays()
    {
        await using PricingEngine engine = _market.Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.9f), Rollout.Fixed);
        var broken = new ScriptedForecaster("m/2.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int _) => throw new InvalidOperationException("bad weights"));
        var shortSighted = new ScriptedForecaster("m/3.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int _) => default) { OnlyHorizonMinutes = 60 };

        ModelRefusedException failed = await Assert.ThrowsAsync<ModelRefusedException>(() => engine.Models.DeployAsync(broken, Rollout.Canary));
        ModelRefusedException unfit = await Assert.ThrowsAsync<ModelRefusedException>(() => engine.Models.DeployAsync(shortSighted, Rollout.Fixed));
        ModelRefusedException other = await Assert.ThrowsAsync<ModelRefusedException>(() => engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.1f), Rollout.Fixed));

        Assert.Contains("bad weights", failed.Message, StringComparison.Ordinal);
        Assert.Contains("15 minutes", unfit.Message, StringComparison.Ordinal);
        Assert.Contains("versions do not change", other.Message, StringComparison.Ordinal);
        Assert.Equal("m/1.0.0", (await engine.QuoteAsync(Request)).Decision.ModelVersion);
    }

    [Fact]
    public async Task ForecastAsync_AnswersFromTheModel_ElseFromTheBaseline()
    {
        var model = new ScriptedForecaster("m/1.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int h) => new Forecast(0.5f, 0.5f, h, 0, 2 * h, h));
        await using PricingEngine engine = _market.Start();
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        DemandForecast baseline = await engine.ForecastAsync("midtown", 30);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await engine.ForecastAsync("midtown", 120));
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        DemandForecast half = await engine.ForecastAsync("midtown", 30);
        DemandForecast twoHours = await engine.ForecastAsync("midtown", 120);

        Assert.Equal((ForecastSource.Baseline, 30), (baseline.Source, baseline.Forecast.HorizonMinutes));
        Assert.Equal((ForecastSource.Model, 30f, "m/1.0.0"), (half.Source, half.Forecast.ExpectedDemand, half.ModelVersion));
        Assert.Equal(120, twoHours.Forecast.ExpectedDemand);
        Assert.Equal(Noon.AddSeconds(1), twoHours.AsOf);
        await Assert.ThrowsAsync<ArgumentException>(async () => await engine.ForecastAsync("nowhere", 30));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await engine.ForecastAsync("midtown", 0));
    }

    [Fact]
    public async Task Tick_RefreshesTheForecastOfRegionsThatChanged_SoThatDecisionsDoNotWait()
    {
        var model = ScriptedForecaster.Constant("m/1.0.0", 0.5f);
        await using PricingEngine engine = _market.Start();
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        long before = model.Rows;
        _market.Time.Advance(TimeSpan.FromSeconds(1));
        await Barrier(engine);
        Assert.True(SpinWait.SpinUntil(() => model.Rows > before, TimeSpan.FromSeconds(30)));
        await Barrier(engine);
        long refreshed = model.Rows;

        Quote quote = await engine.QuoteAsync(Request);
        Assert.Equal(ForecastSource.Model, quote.Decision.ForecastSource);
        Assert.Equal(refreshed, model.Rows);
    }

    [Fact]
    public async Task Replay_WithAForecaster_EvaluatesItInTheLoop()
    {
        var model = new ScriptedForecaster("m/1.0.0", (ReadOnlySpan<float> row, in RegionSignals s, int h) => new Forecast(0.5f, 0.5f, s.Bookings15Min, 0, 100, h));
        await using var replay = PricingReplay.Start(new PricingOptions { Rules = RuleSet.Parse(Rule), Forecaster = model });
        for (int i = 1; i <= 3; i++)
        {
            replay.Publish(MarketEvent.Booking("midtown", Noon.AddSeconds(i)), Noon.AddSeconds(i));
            ReplayAnswer answer = await replay.AskAsync(Request, Noon.AddSeconds(i));
            Assert.Equal(("m/1.0.0", i), (answer.Quote.Decision.ModelVersion, answer.Quote.Decision.Forecast.ExpectedDemand));
        }
    }

    [Fact]
    public async Task DeployAsync_OfAPackage_PricesByIt_AndForecastsAtEachOfItsHorizons()
    {
        var package = ModelPackage.Load(SampleModel);
        await using PricingEngine engine = _market.Start();
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        await engine.Models.DeployAsync(package, Rollout.Fixed);
        await engine.Models.DeployAsync(ModelPackage.Load(SampleModel), Rollout.Fixed); // The same again: nothing is loaded or refused.
        Quote quote = await engine.QuoteAsync(Request);

        Assert.Equal((ForecastSource.Model, "demand/1.0.0"), (quote.Decision.ForecastSource, quote.Decision.ModelVersion));
        foreach (int horizon in package.Manifest.HorizonsMinutes)
        {
            DemandForecast forecast = await engine.ForecastAsync("midtown", horizon);
            Assert.Equal((ForecastSource.Model, horizon), (forecast.Source, forecast.Forecast.HorizonMinutes));
            Assert.True(forecast.Forecast.IsValid);
        }
    }

    [Fact]
    public async Task DeployAsync_OfAPackageForAnotherSchema_IsRefused_AndPricesGoOn()
    {
        var schema = new FeatureSchema("three", [FeatureSchema.BuiltIn("hour_of_day"), FeatureSchema.BuiltIn("booking_count_15min"), FeatureSchema.BuiltIn("available_drivers")]);
        await using PricingEngine engine = _market.Start(options => options.Schema = schema);
        ModelRefusedException refused = await Assert.ThrowsAsync<ModelRefusedException>(() => engine.Models.DeployAsync(ModelPackage.Load(SampleModel), Rollout.Canary));

        Assert.Contains("trained with the schema 'mobility'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ForecastSource.Baseline, (await engine.QuoteAsync(Request)).Decision.ForecastSource);
        Assert.Null(engine.Models.Status.CandidateVersion);
    }
}
