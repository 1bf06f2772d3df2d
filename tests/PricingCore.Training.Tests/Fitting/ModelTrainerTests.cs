using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Training.History;
using PricingCore.Training.Metrics;

namespace PricingCore.Training.Tests.Fitting;

/// <summary>
/// Goal: a model is accepted where there is something to learn and rejected where there is not, always comes out the same, and answers
/// as its package does.
/// Method: histories made by formulas; packages written twice and compared; and loaded with the runtime that serves.
/// </summary>
public sealed class ModelTrainerTests
{
    private static readonly Task<DemandRows> SeasonalRows = Markets.ReadAsync(
        Markets.Seasonal(days: 56), Markets.Panel() with { HorizonsMinutes = [30, 60], Every = TimeSpan.FromMinutes(30) });

    [Fact]
    public async Task Train_OnASeasonalMarket_BeatsEveryBaseline()
    {
        TrainedModel model = Train(await SeasonalRows);

        Assert.True(model.IsAccepted, Describe(model));
        foreach (HorizonReport horizon in model.Report.Horizons)
        {
            Assert.True(horizon.Metrics.Model.Wape < 0.8 * horizon.Metrics.Baselines.Values.Min(baseline => baseline.Wape), Describe(model));
            Assert.InRange(horizon.Coverage, 0.7, 0.93);
            Assert.Equal(horizon.Metrics.Rows, horizon.ByHour.Sum(hour => hour.Rows));
            Assert.Equal(horizon.Metrics.Rows, horizon.Score.Sum(bin => bin.Rows));
            Assert.Equal(horizon.Metrics.Rows, horizon.Confidence.Sum(bin => bin.Rows));
        }

        Assert.Equal(1, model.FeatureImportance.Sum(feature => feature.Gain), 0.0001);
    }

    [Fact]
    public async Task Train_OnARandomWalk_IsRejected()
    {
        // The last hour is the best forecast there can be: what comes is it plus noise.
        double level = 400;
        int[] walk = [.. Enumerable.Range(0, 42 * 24).Select(hour => (int)(level = Math.Clamp(level + (24 * (Markets.Uniform(6, 0, hour) - 0.5)), 100, 700)))];

        TrainedModel model = Train(await Markets.ReadAsync(Markets.Hourly(42, ["a"], (_, hour) => walk[hour]), Markets.Panel()));

        Assert.False(model.IsAccepted, Describe(model));
    }

    [Fact]
    public async Task Train_OnNoiseThatRepeatsEachWeek_IsRejected()
    {
        TrainedModel model = Train(await Markets.ReadAsync(
            Markets.Hourly(42, ["a"], (_, hour) => (int)(40 * Markets.Uniform(8, 0, hour % 168))), Markets.Panel()));

        Assert.False(model.IsAccepted, Describe(model)); // Last week says it all.
        Assert.Equal(0, model.Report.Horizons[0].Metrics.Baselines["same_hour_last_week"].Wape);
    }

    [Fact]
    public async Task Train_OnConstantDemand_IsRejectedAndStillWritesAPackage()
    {
        using var scratch = new ScratchFolder();
        TrainedModel model = Train(await Markets.ReadAsync(Markets.Hourly(35, ["a"], (_, _) => 12), Markets.Panel()));

        ModelPackage package = model.Write(scratch.Of("demand"), "demand", "1.0.0");

        Assert.Equal((false, ModelManifest.Rejected), (model.IsAccepted, package.Manifest.Status));
        Assert.Equal(ModelManifest.Accepted, model.Write(scratch.Of("let-through"), "demand", "1.0.0", allowWorse: true).Manifest.Status);
    }

    [Fact]
    public async Task Train_WhenThereIsNoDemand_SaysSo()
    {
        IEnumerable<ReceivedEvent> searches = Markets.Hourly(35, ["a"], (_, _) => 3)
            .Select(e => e with { Event = e.Event with { Kind = Events.MarketEventKind.Search } });
        DemandRows rows = await Markets.ReadAsync(searches, Markets.Panel());

        Assert.Contains("no booking", Assert.Throws<TrainingException>(() => Train(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WhenTheHistoryIsTooShort_SaysSo()
    {
        DemandRows none = await Markets.ReadAsync(Markets.Seasonal(days: 6), Markets.Panel());
        DemandRows few = await Markets.ReadAsync(Markets.Hourly(9, ["a"], (_, _) => 3), Markets.Panel());

        Assert.Contains("no row", Assert.Throws<TrainingException>(() => Train(none)).Message, StringComparison.Ordinal);
        Assert.Contains("needs 50", Assert.Throws<TrainingException>(() => Train(few)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WhenOptionsAreWrong_ListsEveryError()
    {
        var options = new TrainingOptions { Trees = 0, LearningRate = double.NaN, Folds = 1, HeldOutShare = 0.9, ScaleFeature = "nothing" };
        DemandRows rows = await SeasonalRows;

        ArgumentException refused = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(rows, options));

        Assert.All(
            new[] { "Trees", "LearningRate", "Folds", "HeldOutShare", "ScaleFeature" },
            name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Train_WhenCancelled_Stops()
    {
        DemandRows rows = await SeasonalRows;
        using var cancelled = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => ModelTrainer.Train(
            rows, Markets.FewTrees(), new Step(progress => cancelled.CancelAfter(progress.Done > 5 ? 0 : -1)), cancelled.Token));
    }

    [Fact]
    public async Task Train_CountsUpToItsTotal()
    {
        var told = new List<TrainingProgress>();

        ModelTrainer.Train(await SeasonalRows, Markets.FewTrees() with { EarlyStopRounds = 5 }, new Step(told.Add));

        Assert.Equal(told[^1].Total, told[^1].Done);
        Assert.Equal(told.OrderBy(step => step.Done), told);
    }

    [Fact]
    public async Task Train_Twice_GivesTheSameBytes()
    {
        using var scratch = new ScratchFolder();
        DemandRows again = await Markets.ReadAsync(
            Markets.Seasonal(days: 56), Markets.Panel() with { HorizonsMinutes = [30, 60], Every = TimeSpan.FromMinutes(30) });

        Train(await SeasonalRows).Write(scratch.Of("one"), "demand", "1.0.0");
        Train(again).Write(scratch.Of("two"), "demand", "1.0.0");

        string[] files = [.. Directory.GetFiles(scratch.Of("one")).Select(file => Path.GetFileName(file)).Order()];
        Assert.Equal(["golden.bin", "model.json", "model.onnx"], files);
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(Path.Combine(scratch.Of("one"), file)), File.ReadAllBytes(Path.Combine(scratch.Of("two"), file))));
    }

    [Fact]
    public async Task Train_WithAnotherSeed_GivesAnotherModel()
    {
        TrainedModel one = Train(await SeasonalRows);
        TrainedModel other = ModelTrainer.Train(await SeasonalRows, Markets.FewTrees() with { Seed = 2 });

        Assert.NotEqual(one.Forest.Trees[0].Value, other.Forest.Trees[0].Value);
    }

    [Fact]
    public async Task HeldOutPart_IsNeverTrainedOn()
    {
        // The same history until the held-out part, and another market from there on: the trees must not notice.
        static int Demand(int region, int hour) => 8 + (hour % 24 / 2) + (int)(6 * Markets.Uniform(2, region, hour));
        const int HeldOutHour = 36 * 24;
        var options = Markets.FewTrees() with { HeldOutFrom = Markets.Start.AddHours(HeldOutHour) };
        DemandRows one = await Markets.ReadAsync(Markets.Hourly(42, ["a"], Demand), Markets.Panel());
        DemandRows other = await Markets.ReadAsync(
            Markets.Hourly(42, ["a"], (region, hour) => Demand(region, hour) * (hour >= HeldOutHour ? 5 : 1)), Markets.Panel());

        TrainedModel first = ModelTrainer.Train(one, options);
        TrainedModel second = ModelTrainer.Train(other, options);

        Assert.Equal(first.Forest.Trees.Select(tree => tree.Value), second.Forest.Trees.Select(tree => tree.Value));
        Assert.NotEqual(first.Report.Horizons[0].Metrics.Model, second.Report.Horizons[0].Metrics.Model);
    }

    [Fact]
    public async Task Package_ScoresAsTheModelThatItWasMadeFrom()
    {
        using var scratch = new ScratchFolder();
        DemandRows rows = await SeasonalRows;
        TrainedModel model = Train(rows);
        model.Write(scratch.Of("demand"), "demand", "1.0.0");
        using var forecaster = OnnxForecaster.Load(ModelPackage.Load(scratch.Of("demand")), FeatureSchema.Mobility);

        ForecastReport report = ForecastEvaluation.Score(forecaster, rows, model.HeldOutFrom);

        Assert.Equal("demand/1.0.0", report.ModelVersion);
        Assert.Equal(model.Report.Horizons.Select(horizon => horizon.Metrics.Model), report.Horizons.Select(horizon => horizon.Metrics.Model));
        Assert.Equal(model.Report.Horizons.Select(horizon => horizon.Coverage), report.Horizons.Select(horizon => horizon.Coverage));
    }

    [Fact]
    public async Task Golden_HasMissingFeaturesAndARowWithoutAny()
    {
        GoldenRows golden = Train(await SeasonalRows).Golden;

        Assert.Equal(256, golden.Count);
        Assert.All(golden.Rows[^golden.FeatureCount..], value => Assert.Equal(float.NaN, value));
        int hour = FeatureSchema.Mobility.IndexOf("hour_of_day"); // Never missing by itself.
        Assert.InRange(Enumerable.Range(0, 255).Count(row => float.IsNaN(golden.Rows[(row * golden.FeatureCount) + hour])), 2, 20);
        Assert.All(golden.Answers, answer => Assert.True(float.IsFinite(answer)));
    }

    private static TrainedModel Train(DemandRows rows) =>
        ModelTrainer.Train(rows, Markets.FewTrees(), cancellationToken: TestContext.Current.CancellationToken);

    private static string Describe(TrainedModel model) => string.Join("; ", model.Report.Horizons.Select(horizon =>
        $"{horizon.Metrics.Model.Wape:F4} covering {horizon.Coverage:F3} against {string.Join(", ", horizon.Metrics.Baselines.Select(baseline => $"{baseline.Key} {baseline.Value.Wape:F4}"))}"));

    private sealed class Step(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
