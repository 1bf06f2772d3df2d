using PricingCore.Events;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Replay;
using PricingCore.Rules;
using PricingCore.Surge;
using PricingCore.Testing.Forecasts;
using PricingCore.Tests.Rules;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: what models said is in the journal, so that a replay needs none; and a roll-out goes on after a restart where its models are at hand.
/// Method: scripted and packaged models on the real inference thread, a clock moved by hand, replays without any model.
/// </summary>
public sealed class JournalledModelTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly string SampleModel = Path.Combine(Conventions.Repository.Root, "models", "demand", "1.0.0");
    private readonly string _directory = Directory.CreateTempSubdirectory("pricingcore-models-").FullName;
    private readonly HandDrivenTime _time = new(Noon);
    private readonly RecordingLogger _log = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Replay_OfALiveEngineWithModels_NeedsNone()
    {
        var sources = new List<ForecastSource>();
        await using (PricingEngine engine = Start())
        {
            await QuoteAsync(engine, 5);
            await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/1.0.0", 0.9f, 42), Rollout.Fixed);
            await QuoteAsync(engine, 10);
            await engine.Models.DeployAsync(ScriptedForecaster.Constant("m/2.0.0", 0.2f, 7), Rollout.AB(50));
            await QuoteAsync(engine, 10);
            await engine.Models.RollBackAsync();
            await QuoteAsync(engine, 5);
        }

        JournalReplayResult replay = PricingEngine.Replay(_directory, new JournalReplayOptions { OnDecision = decision => sources.Add(decision.ForecastSource) });
        Assert.Null(replay.FirstDifference);
        Assert.Equal(30, replay.Confirmed);
        Assert.Equal(5, sources.Count(source => source == ForecastSource.Baseline));
        Assert.Contains(ForecastSource.Model, sources);
    }

    [Fact]
    public async Task Restart_WithAPackage_GoesOnWithIt_AndWithoutAnObjectOfTheHostFallsBack()
    {
        await using (PricingEngine engine = Start())
        {
            await engine.Models.DeployAsync(ModelPackage.Load(SampleModel), Rollout.Fixed);
            Assert.Equal("demand/1.0.0", engine.ReadQuality().DriftModel); // Data are compared with its training rows,
            await QuoteAsync(engine, 3);
        }

        await using (PricingEngine engine = Start())
        {
            Assert.Equal("demand/1.0.0", engine.Models.Status.StableVersion);
            Assert.Equal("demand/1.0.0", engine.ReadQuality().DriftModel); // also after a restart.
            await QuoteAsync(engine, 3);
            await engine.Models.DeployAsync(ScriptedForecaster.Constant("host/1.0.0", 0.9f), Rollout.Shadow);
            await QuoteAsync(engine, 3);
        }

        await using (PricingEngine engine = Start())
        {
            Assert.Equal("demand/1.0.0", engine.Models.Status.StableVersion);
            Assert.Null(engine.Models.Status.CandidateVersion);
            await QuoteAsync(engine, 3);
        }

        Assert.Null(PricingEngine.Replay(_directory).FirstDifference);
        Assert.Equal([1_100, 1_100, 1_100], _log.Lines.Select(line => line.Id).Where(id => id is >= 1_100 and < 1_200)); // Compared with ONNX Runtime at each start: it may have been deployed although its trees differ.
    }

    [Fact]
    public async Task Replay_OfAReplayWithAModel_NeedsNone()
    {
        var options = new PricingOptions
        {
            Rules = Rules(),
            MaxRegions = 10,
            Forecaster = ScriptedForecaster.Constant("m/1.0.0", 0.9f, 42),
            Journal = new JournalOptions { Directory = _directory, Durability = Durability.Buffered },
        };
        await using (PricingReplay replay = PricingReplay.Start(options))
        {
            for (int i = 0; i < 50; i++)
            {
                replay.Publish(MarketEvent.Booking("midtown", Noon.AddSeconds(i)), Noon.AddSeconds(i));
                await replay.AskAsync(new QuoteRequest("midtown"), Noon.AddSeconds(i));
            }
        }

        var decisions = new List<SurgeDecision>();
        JournalReplayResult result = PricingEngine.Replay(_directory, new JournalReplayOptions { OnDecision = decisions.Add });
        Assert.Null(result.FirstDifference);
        Assert.Equal((50, 50L), (decisions.Count, result.Confirmed));
        Assert.All(decisions, decision => Assert.Equal(("m/1.0.0", 42f), (decision.ModelVersion, decision.Forecast.ExpectedDemand)));
    }

    private async Task QuoteAsync(PricingEngine engine, int times)
    {
        for (int i = 0; i < times; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await engine.PublishAsync(MarketEvent.Booking("midtown", _time.GetUtcNow()));
            await engine.QuoteAsync(new QuoteRequest("midtown"));
        }
    }

    private PricingEngine Start() => PricingEngine.Start(new PricingOptions
    {
        Rules = Rules(),
        TimeProvider = _time,
        MaxRegions = 10,
        Journal = new JournalOptions { Directory = _directory },
        Logger = _log,
    });

    private static RuleSet Rules() => RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","formula":"centred"}]}""");
}
