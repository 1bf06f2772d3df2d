using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Tests.Forecasts.Onnx;
using static PricingCore.Tests.Forecasts.Models.LinearModel;
using static PricingCore.Tests.Forecasts.Models.ScriptedEngines;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>
/// Goal: a model answers as its trainer did, for batches of any size and without allocating, and is refused with the reason otherwise.
/// Method: a linear model in the real ONNX Runtime, and packages of it with one thing wrong.
/// </summary>
public sealed class OnnxForecasterTests : IDisposable
{
    private static readonly RegionSignals[] Regions = new RegionSignals[2_000];

    private readonly ScratchFolder _scratch = new();
    private readonly RecordingLogger _log = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Load_WhenAGoldenAnswerIsOffByOneBit_Refuses()
    {
        GoldenRows golden = Golden();
        golden.Answers[^1] = MathF.BitIncrement(golden.Answers[^1]);

        string refusal = Refusal(Package(golden: golden), Compiling(new ScriptedGraph(2, 2, Answer)));

        Assert.StartsWith("golden.bin: ONNX Runtime 1.27.0 disagrees with the trainer: row 5: high is", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenAnAnswerDependsOnItsBatch_Refuses()
    {
        int calls = 0;
        var moody = new ScriptedGraph(2, 2, (row, horizon, column) => calls++ < 6 * 5 ? Answer(row, horizon, column) : 0);

        Assert.Contains("depends on the other rows", Refusal(Package(), Compiling(moody) with { OpenSession = Missing }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheSchemaIsAnother_NamesBoth()
    {
        var swapped = new FeatureSchema("two", [Schema.Features[1], Schema.Features[0]]);

        var e = Assert.Throws<ModelRefusedException>(() => OnnxForecaster.Load(Package(), swapped));

        Assert.Contains(Schema.Hash[..12], e.Message, StringComparison.Ordinal);
        Assert.Contains(swapped.Hash[..12], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheGoldenRowsAreOfAnotherWidth_Refuses()
    {
        GoldenRows wide = new(3, 2, new float[3], new float[10]);

        Assert.Contains("3 features, but the schema 'two' has 2", Refusal(Package(golden: wide), NotCompiling), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheGraphIsDamagedOrAnother_RefusesWithOnnxRuntimesWords()
    {
        Assert.Contains("model.onnx: ONNX Runtime error", Refusal(Package("a", graph: [1, 2, 3]), NotCompiling), StringComparison.Ordinal);
        Assert.Contains("'forecasts' is expected", Refusal(Package("b", OnnxBytes.Product(Weights(), output: "prices")), NotCompiling), StringComparison.Ordinal);
        Assert.Contains("float [?, 5]; float [?, 10]", Refusal(Package("c", OnnxBytes.Product(new float[2, 5])), NotCompiling), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(1_300)]
    public void Predict_GivesEachRowsForecastOfTheHorizon(int count)
    {
        using OnnxForecaster forecaster = Load(Package());
        float[] rows = [.. Enumerable.Range(0, count * 2).Select(i => (float)(i % 97))];
        var forecasts = new Forecast[count];

        forecaster.Predict(new ForecastBatch(60, rows, 2, Regions.AsSpan(0, count)), forecasts);

        for (int i = 0; i < count; i++)
        {
            float[] row = rows[(2 * i)..((2 * i) + 2)];
            Assert.Equal(new Forecast(Answer(row, 1, 0), Answer(row, 1, 1), Answer(row, 1, 2), Answer(row, 1, 3), Answer(row, 1, 4), 60), forecasts[i]);
        }
    }

    [Fact]
    public void Predict_WhenTheBatchDoesNotFit_Throws()
    {
        using OnnxForecaster forecaster = Load(Package());
        var forecasts = new Forecast[2];

        var e = Assert.Throws<ArgumentOutOfRangeException>(() => forecaster.Predict(new ForecastBatch(30, new float[4], 2, Regions.AsSpan(0, 2)), forecasts));
        Assert.Contains("15, 60", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => forecaster.Predict(new ForecastBatch(15, new float[4], 4, Regions.AsSpan(0, 1)), forecasts));
        Assert.Throws<ArgumentException>(() => forecaster.Predict(new ForecastBatch(15, new float[4], 2, Regions.AsSpan(0, 1)), forecasts));
        Assert.Throws<ArgumentException>(() => forecaster.Predict(new ForecastBatch(15, new float[6], 2, Regions.AsSpan(0, 3)), forecasts));
    }

    [Fact]
    public void Predict_WhenDisposed_Throws()
    {
        OnnxForecaster forecaster = Load(Package());
        forecaster.Dispose();

        Assert.Throws<ObjectDisposedException>(() => forecaster.Predict(new ForecastBatch(15, new float[2], 2, Regions.AsSpan(0, 1)), new Forecast[1]));
    }

    [Fact]
    public void Predict_AllocatesNothing()
    {
        using OnnxForecaster forecaster = Load(Package());
        float[] rows = new float[1_200];
        var forecasts = new Forecast[600];

        Assert.Equal(0, AllocatedBytes.Of(() => forecaster.Predict(new ForecastBatch(15, rows, 2, Regions.AsSpan(0, 600)), forecasts)));
    }

    private ModelPackage Package(string folder = "a", byte[]? graph = null, GoldenRows? golden = null) => Write(_scratch.At(folder), graph, golden);

    private OnnxForecaster Load(ModelPackage package, ModelEngines? engines = null) => OnnxForecaster.Load(package, Schema, _log, engines ?? NotCompiling);

    private string Refusal(ModelPackage package, ModelEngines engines) =>
        Assert.Single(Assert.Throws<ModelRefusedException>(() => Load(package, engines)).Refusals).ToString();
}
