using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Inference;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Testing.Forecasts;

namespace PricingCore.StressTests.Forecasts;

/// <summary>
/// Goal: while models are swapped as fast as they can be, no decision fails, none mixes two models, and none is evaluated by a model that has been freed.
/// Method: each model answers a number of its own and fails once it is disposed; two threads ask for quotes without pause while a third deploys
/// 10,000 times. A decision must name the model whose number it carries, and must not have fallen back.
/// Control: the same readers on a registry entry that is used without counting the use, which must be seen to fail.
/// </summary>
public sealed class ModelSwapStress
{
    private const int Swaps = 10_000;
    private const int Versions = 8; // More than stay loaded, so that each deployment is of a new object.
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD","formula":"centred"}]}""";

    [Fact]
    public async Task Deploy_UnderFullLoad_NeverFailsNorMixesADecision()
    {
        await using var engine = PricingEngine.Start(new PricingOptions
        {
            Rules = RuleSet.Parse(Rule),
            Shards = 2,
            ForecastDeadline = TimeSpan.FromSeconds(10), // A slow machine is not what this is about.
            TickInterval = TimeSpan.FromMilliseconds(100),
            UserEventsPerMinute = 0,
        });
        await engine.PublishAsync(MarketEvent.Weather(MarketEvent.AllRegions, DateTimeOffset.UtcNow, EventValues.Weather(10, 0, 0, 10)));
        await engine.Models.DeployAsync(Model(0), isOwned: true, Rollout.Fixed, CancellationToken.None);
        bool isDone = false;
        Task<(long Decisions, int Seen)>[] readers = [.. Enumerable.Range(0, 2).Select(reader => Task.Run(() => QuoteUntilDone(engine, reader, () => Volatile.Read(ref isDone))))];

        for (int swap = 1; swap <= Swaps; swap++)
        {
            await engine.Models.DeployAsync(Model(swap % Versions), isOwned: true, Rollout.Fixed, CancellationToken.None);
        }

        Volatile.Write(ref isDone, true);
        (long Decisions, int Seen)[] results = await Task.WhenAll(readers);

        Assert.All(results, result => Assert.Equal(Versions, result.Seen));
        Assert.True(results.Sum(result => result.Decisions) > Swaps / 10, "The readers hardly ran: this shows nothing.");
        Assert.Equal(0, engine.Statistics.Fallbacks);
    }

    [Fact]
    public void Use_WhileModelsAreLetGo_NeverMeetsAFreedOne() => Assert.Equal(0, CountFreedInUse(models => models.Use(0), model => model.EndUse(), stopAtFirst: false));

    [Fact]
    public void Control_UseWithoutCounting_MeetsAFreedOneAndIsSeen()
    {
        int freed = 0;
        for (int attempt = 0; attempt < 20 && freed == 0; attempt++)
        {
            freed = CountFreedInUse(models => models.Find(0), _ => { }, stopAtFirst: true);
        }

        Assert.True(freed > 0, "The readers did not meet a model that is known to be freed under them.");
    }

    private static async Task<(long Decisions, int Seen)> QuoteUntilDone(PricingEngine engine, int reader, Func<bool> isDone)
    {
        long decisions = 0;
        var seen = new HashSet<string>();
        for (int i = 0; !isDone(); i++)
        {
            Quote quote = await engine.QuoteAsync(new QuoteRequest($"region-{((i * 7) + reader) % 50}"));
            Assert.Equal(ForecastSource.Model, quote.Decision.ForecastSource);
            Assert.Equal($"m/{quote.Decision.Forecast.ExpectedDemand}.0.0", quote.Decision.ModelVersion);
            Assert.Equal(quote.Decision.Forecast.ExpectedDemand, quote.Decision.Inputs.Demand);
            seen.Add(quote.Decision.ModelVersion);
            decisions += quote.Cached ? 0 : 1;
        }

        return (decisions, seen.Count);
    }

    private static int CountFreedInUse(Func<LoadedModels, LoadedModel?> use, Action<LoadedModel> endUse, bool stopAtFirst)
    {
        using var models = new LoadedModels(maxVersions: 4, maxLoaded: 1);
        int freed = 0;
        bool isDone = false;
        float[] row = new float[4];
        Thread[] readers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            var signals = new RegionSignals[1];
            var forecasts = new Forecast[1];
            while (!Volatile.Read(ref isDone))
            {
                if (use(models) is { } model)
                {
                    try
                    {
                        model.Forecaster.Predict(new ForecastBatch(15, row, row.Length, signals), forecasts);
                    }
                    catch (ObjectDisposedException)
                    {
                        Interlocked.Increment(ref freed);
                    }

                    endUse(model);
                }
            }
        }))];
        Array.ForEach(readers, reader => reader.Start());
        for (int i = 0; i < 100_000 && !(stopAtFirst && Volatile.Read(ref freed) > 0); i++)
        {
            models.TryAdd(0, Model(0), isOwned: true);
            models.TryAdd(1, Model(1), isOwned: true);
            models.Trim(1);
            models.TryAdd(0, Model(0), isOwned: true);
            models.Trim(0);
        }

        Volatile.Write(ref isDone, true);
        Array.ForEach(readers, reader => reader.Join());
        return freed;
    }

    private static ScriptedForecaster Model(int number) => new($"m/{number}.0.0", (ReadOnlySpan<float> _, in RegionSignals _, int horizon) =>
        new Forecast(number / (float)Versions, 0.9f, number, 0, 100, horizon));
}
