using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Quotes;
using PricingCore.Testing.Forecasts;
using static PricingCore.Tests.Engine.ModelMarket;

namespace PricingCore.Tests.Engine;

/// <summary>
/// Goal: a roll-out prices with the candidate only where it should, ends by itself when the candidate misbehaves, and can be taken back at once.
/// Method: scripted models on the real inference thread, a clock moved by hand, whose ticks judge the canary.
/// </summary>
public sealed class ModelRolloutTests
{
    private readonly ModelMarket _market = new();

    [Fact]
    public async Task RollBackAsync_ReturnsToTheModelBefore_ThenToTheBaseline()
    {
        await using PricingEngine engine = _market.Start();
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
        await using PricingEngine engine = _market.Start();
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
        _market.Time.Advance(TimeSpan.FromMinutes(2));
        foreach ((string region, ModelArm arm) in arms)
        {
            Assert.Equal(arm, (await engine.QuoteAsync(new QuoteRequest(region))).Decision.Arm);
        }
    }

    [Fact]
    public async Task DeployAsync_AsAShadow_PricesNothing_AndReportsTheDifference()
    {
        await using PricingEngine engine = _market.Start();
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
        await using PricingEngine engine = _market.Start(options => options.ForecastMissesBeforePause = 1_000_000);
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.5f), Rollout.Fixed);
        await engine.Models.DeployAsync(candidate, Rollout.CanaryOf(50, 100) with { Guards = new RolloutGuards { MinSamples = 20 } });
        Volatile.Write(ref isWell, false);
        for (int i = 0; i < 200; i++)
        {
            Quote quote = await engine.QuoteAsync(new QuoteRequest($"region-{i}"));
            Assert.Equal(quote.Decision.Arm == ModelArm.Candidate ? ForecastSource.Fallback : ForecastSource.Model, quote.Decision.ForecastSource);
        }

        Assert.Equal("m/2.0.0", engine.Models.Status.CandidateVersion);
        _market.Time.Advance(TimeSpan.FromSeconds(1));

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
        await using PricingEngine engine = _market.Start();
        await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.1f, 1), Rollout.Fixed);
        await engine.Models.DeployAsync(
            ScriptedForecaster.Constant("m/2.0.0", 0.99f, 500), Rollout.CanaryOf(50, 100) with { Guards = new RolloutGuards { MinSamples = 20, MaxPriceDrift = 0.05 } });
        for (int i = 0; i < 200; i++)
        {
            await engine.QuoteAsync(new QuoteRequest($"region-{i}"));
        }

        _market.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.StartsWith("prices drift by", engine.Models.Status.RollbackReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnTick_WhenACanaryIsWell_BecomesTheRunningModel()
    {
        await using PricingEngine engine = _market.Start();
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
            _market.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([10, 50, 100, 0], shares.Distinct());
        Assert.Equal(("m/2.0.0", "m/1.0.0", null), (engine.Models.Status.StableVersion, engine.Models.Status.PreviousVersion, engine.Models.Status.CandidateVersion));
        Quote last = await engine.QuoteAsync(Request);
        Assert.Equal(("m/2.0.0", ModelArm.Stable), (last.Decision.ModelVersion, last.Decision.Arm));
    }

    private static void SurgeDecisionOf(Quote quote, out string region, out ModelArm arm, out string version) =>
        (region, arm, version) = (quote.Decision.RegionId, quote.Decision.Arm, quote.Decision.ModelVersion);
}
