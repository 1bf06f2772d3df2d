using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;
using PricingCore.Testing.Forecasts;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a deployed model prices, one that misbehaves never stops or delays a price, and every roll-out can be taken back at once.
/// Method: scripted models on the real inference thread, a clock moved by hand; awaiting a published event is the barrier after which the
/// loop has handled everything before it.
/// </summary>
public sealed class ModelDeploymentTests
{
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","formula":"centred","increment":0.01,"min_multiplier":0.5}]}""";
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly QuoteRequest Request = new("midtown");
    private static readonly string SampleModel = Path.Combine(Conventions.Repository.Root, "models", "demand", "1.0.0");
    private readonly HandDrivenTime _time = new(Noon);

    [Fact]
    public async Task DeployAsync_Fixed_PricesEveryDecisionFromThenOn()
    {
        await using PricingEngine engine = Start();
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
        await using PricingEngine engine = Start(options => options.Forecaster = ScriptedForecaster.Constant("m/1.0.0", 0.9f));
        Assert.Equal("m/1.0.0", (await engine.QuoteAsync(Request)).Decision.ModelVersion);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(7f)]
    public async Task QuoteAsync_WhenTheModelAnswersNonsense_FallsBackToTheBaseline(float score)
    {
        await using PricingEngine engine = Start();
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
        await using PricingEngine engine = Start(options => options.ForecastMissesBeforePause = 3);
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        Volatile.Write(ref isWell, false);
        calls = 0;

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(ForecastSource.Fallback, (await engine.QuoteAsync(new QuoteRequest($"region-{i}"))).Decision.ForecastSource);
        }

        Assert.Equal(3, calls);
        Volatile.Write(ref isWell, true);
        _time.Advance(TimeSpan.FromSeconds(6)); // The pause is over: one request tries, and the model is back.
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
        await using PricingEngine engine = Start();
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        Volatile.Write(ref hangs, true);

        Task<Quote> waiting = engine.QuoteAsync(Request).AsTask();
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));
        await Barrier(engine);
        _time.Advance(TimeSpan.FromMilliseconds(19));
        await Barrier(engine);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Quote quote = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(ForecastSource.Fallback, quote.Decision.ForecastSource);
        release.Set();
    }

    [Fact]
    public async Task DeployAsync_OfAModelThatFailsWhenWarmedUp_IsRefused_AndTheRunningOneStays()
    {
        await using PricingEngine engine = Start();
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
    public async Task RollBackAsync_ReturnsToTheModelBefore_ThenToTheBaseline()
    {
        await using PricingEngine engine = Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.9f), Rollout.Fixed);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/2.0.0", 0.1f), Rollout.Fixed);
        Assert.Equal("m/2.0.0", (await engine.QuoteAsync(Request)).Decision.ModelVersion);

        await engine.Models.RollBackAsync("prices looked wrong");
        Assert.Equal("m/1.0.0", (await engine.QuoteAsync(Request)).Decision.ModelVersion);
        Assert.Equal("prices looked wrong", engine.Models.Status.RollbackReason);
        await engine.Models.RollBackAsync();
        Assert.Equal(ForecastSource.Baseline, (await engine.QuoteAsync(Request)).Decision.ForecastSource);
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Models.RollBackAsync());
    }

    [Fact]
    public async Task DeployAsync_AsASplit_PricesEachRegionByItsArm_AndSaysSo()
    {
        await using PricingEngine engine = Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.9f), Rollout.Fixed);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/2.0.0", 0.1f), Rollout.AB(50));
        var arms = new Dictionary<string, ModelArm>();
        for (int i = 0; i < 200; i++)
        {
            SurgeDecisionOf(await engine.QuoteAsync(new QuoteRequest($"region-{i}")), out string region, out ModelArm arm, out string version);
            Assert.Equal(arm == ModelArm.Candidate ? "m/2.0.0" : "m/1.0.0", version);
            arms[region] = arm;
        }

        Assert.InRange(arms.Values.Count(arm => arm == ModelArm.Candidate), 70, 130);
        _time.Advance(TimeSpan.FromMinutes(2));
        foreach ((string region, ModelArm arm) in arms)
        {
            Assert.Equal(arm, (await engine.QuoteAsync(new QuoteRequest(region))).Decision.Arm);
        }
    }

    [Fact]
    public async Task DeployAsync_AsAShadow_PricesNothing_AndReportsTheDifference()
    {
        await using PricingEngine engine = Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.5f), Rollout.Fixed);
        Quote before = await engine.QuoteAsync(Request);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/2.0.0", 0.9f), Rollout.Shadow);
        Quote quote = await engine.QuoteAsync(Request);

        Assert.Equal("m/1.0.0", quote.Decision.ModelVersion);
        Assert.Equal(before.Price, quote.Price);
        Assert.Equal("m/2.0.0", quote.Decision.Comparison!.ModelVersion);
        PriceDifferenceReport prices = engine.Models.Status.Prices!;
        Assert.Equal(1, prices.Decisions);
        double change = ((double)quote.Decision.Comparison.Multiplier.Steps / quote.Multiplier.Steps) - 1;
        Assert.True(change > 0.01);
        Assert.Equal(change, prices.MeanChange, 5);
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Models.DeployAsync(ScriptedForecaster.Constant("m/3.0.0", 0.9f), Rollout.Canary));
        Assert.Equal(RolloutKind.Shadow, engine.Models.Status.Kind);
    }

    [Fact]
    public async Task OnTick_WhenACanaryFails_GoesBackWithinOneTick()
    {
        bool isWell = true;
        var candidate = new ScriptedForecaster("m/2.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int h) =>
            new Forecast(Volatile.Read(ref isWell) ? 0.5f : float.NaN, 0.5f, 10, 5, 20, h));
        await using PricingEngine engine = Start(options => options.ForecastMissesBeforePause = 1_000_000);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.5f), Rollout.Fixed);
        await engine.Models.DeployAsync(candidate, Rollout.CanaryOf(50, 100) with { Guards = new RolloutGuards { MinSamples = 20 } });
        Volatile.Write(ref isWell, false);
        for (int i = 0; i < 200; i++)
        {
            Quote quote = await engine.QuoteAsync(new QuoteRequest($"region-{i}"));
            Assert.Equal(quote.Decision.Arm == ModelArm.Candidate ? ForecastSource.Fallback : ForecastSource.Model, quote.Decision.ForecastSource);
        }

        Assert.Equal("m/2.0.0", engine.Models.Status.CandidateVersion);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(engine.Models.Status.CandidateVersion);
        Assert.StartsWith("error rate", engine.Models.Status.RollbackReason, StringComparison.Ordinal);
        await Barrier(engine); // Until the loop has come to the plan, the book still holds the old decisions.
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("m/1.0.0", (await engine.QuoteAsync(new QuoteRequest($"region-{i}"))).Decision.ModelVersion);
        }
    }

    [Fact]
    public async Task OnTick_WhenACanaryDriftsFromTheRunningPrices_GoesBack()
    {
        await using PricingEngine engine = Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.1f, 1), Rollout.Fixed);
        await engine.Models.DeployAsync(
            ScriptedForecaster.Constant("m/2.0.0", 0.99f, 500), Rollout.CanaryOf(50, 100) with { Guards = new RolloutGuards { MinSamples = 20, MaxPriceDrift = 0.05 } });
        for (int i = 0; i < 200; i++)
        {
            await engine.QuoteAsync(new QuoteRequest($"region-{i}"));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("prices drift by", engine.Models.Status.RollbackReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnTick_WhenACanaryIsWell_BecomesTheRunningModel()
    {
        await using PricingEngine engine = Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.5f), Rollout.Fixed);
        await engine.Models.DeployAsync(
            ScriptedForecaster.Constant("m/2.0.0", 0.5f),
            Rollout.Canary with { StepDuration = TimeSpan.FromSeconds(5), Guards = new RolloutGuards { MinSamples = 1, MaxLatency = TimeSpan.FromSeconds(10) } });
        var shares = new List<int>();
        for (int second = 0; second < 20; second++)
        {
            for (int i = 0; i < 40; i++)
            {
                await engine.QuoteAsync(new QuoteRequest($"region-{second}-{i}"));
            }

            shares.Add(engine.Models.Status.CandidatePercent);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([10, 50, 100, 0], shares.Distinct());
        Assert.Equal(("m/2.0.0", "m/1.0.0", null), (engine.Models.Status.StableVersion, engine.Models.Status.PreviousVersion, engine.Models.Status.CandidateVersion));
        Quote last = await engine.QuoteAsync(Request);
        Assert.Equal(("m/2.0.0", ModelArm.Stable), (last.Decision.ModelVersion, last.Decision.Arm));
    }

    [Fact]
    public async Task ForecastAsync_AnswersFromTheModel_ElseFromTheBaseline()
    {
        var model = new ScriptedForecaster("m/1.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int h) => new Forecast(0.5f, 0.5f, h, 0, 2 * h, h));
        await using PricingEngine engine = Start();
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
        await using PricingEngine engine = Start();
        await engine.PublishAsync(MarketEvent.Booking("midtown", Noon));
        await engine.Models.DeployAsync(model, Rollout.Fixed);
        long before = model.Rows;
        _time.Advance(TimeSpan.FromSeconds(1));
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
        await using PricingEngine engine = Start();
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
        await using PricingEngine engine = Start(options => options.Schema = schema);
        ModelRefusedException refused = await Assert.ThrowsAsync<ModelRefusedException>(() => engine.Models.DeployAsync(ModelPackage.Load(SampleModel), Rollout.Canary));

        Assert.Contains("trained with the schema 'mobility'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ForecastSource.Baseline, (await engine.QuoteAsync(Request)).Decision.ForecastSource);
        Assert.Null(engine.Models.Status.CandidateVersion);
    }

    private static void SurgeDecisionOf(Quote quote, out string region, out ModelArm arm, out string version) =>
        (region, arm, version) = (quote.Decision.RegionId, quote.Decision.Arm, quote.Decision.ModelVersion);

    private static async Task Barrier(PricingEngine engine) =>
        Assert.Equal(Rejection.None, await engine.PublishAsync(MarketEvent.Search("barrier", Noon)));

    private PricingEngine Start(Action<PricingOptions>? change = null)
    {
        var options = new PricingOptions { Rules = RuleSet.Parse(Rule), TimeProvider = _time };
        change?.Invoke(options);
        var engine = PricingEngine.Start(options);
        _time.Advance(TimeSpan.FromSeconds(1)); // Before the first tick, features are stale and no forecast is used.
        return engine;
    }
}
