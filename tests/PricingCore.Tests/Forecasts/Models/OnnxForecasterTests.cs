using Microsoft.Extensions.Logging;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;
using PricingCore.Tests.Forecasts.Onnx;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>
/// Goal: a model is used only where it answers as its trainer did, by the faster of the ways that do, and is refused with the reason otherwise.
/// Method: a linear model of two features and two horizons in the real ONNX Runtime; compiled trees are scripted, right or wrong.
/// </summary>
public sealed class OnnxForecasterTests : IDisposable
{
    private static readonly FeatureSchema Schema = new("two", [FeatureSchema.BuiltIn("hour_of_day"), FeatureSchema.BuiltIn("day_of_week")]);
    private static readonly RegionSignals[] Regions = new RegionSignals[2_000];

    private readonly ScratchFolder _scratch = new();
    private readonly RecordingLogger _log = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Load_WhenTheGraphIsNotCompiled_RunsItInOnnxRuntimeAndSaysWhy()
    {
        using OnnxForecaster forecaster = Load(Package());

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
        Assert.Equal("demand/1.0.0", forecaster.ModelVersion);
        (int id, LogLevel level, string text) = Assert.Single(_log.Lines);
        Assert.Equal((1_101, LogLevel.Information), (id, level));
        Assert.Contains("no trees here", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheCompiledGraphAgrees_UsesItAndClosesTheSession()
    {
        var compiled = new ScriptedGraph(2, 2, Answer);
        OnnxSession? session = null;
        ModelEngines engines = Compiling(compiled) with { OpenSession = graph => session = new OnnxSession(graph), Compare = (_, _, _) => null };

        OnnxForecaster forecaster = Load(Package(), engines);

        Assert.Equal(ModelRuntime.CompiledTrees, forecaster.Runtime);
        Assert.Equal(1_100, Assert.Single(_log.Lines).Id);
        Assert.True(session!.IsClosed);
        Assert.False(compiled.IsDisposed);
        forecaster.Dispose();
        Assert.True(compiled.IsDisposed);
    }

    [Fact]
    public void Load_WhenItWasComparedBefore_NeedsTheGoldenRowsOnly()
    {
        Package();
        ModelEngines engines = Compiling(new ScriptedGraph(2, 2, Answer)) with { OpenSession = _ => throw new InvalidOperationException("ONNX Runtime is not needed.") };

        using OnnxForecaster forecaster = Load(ModelPackage.LoadCompared(_scratch.At("a")), engines);

        Assert.Equal(ModelRuntime.CompiledTrees, forecaster.Runtime);
        Assert.Equal((1_104, LogLevel.Information), (_log.Lines[0].Id, _log.Lines[0].Level));
    }

    [Fact]
    public void Load_WhenItWasComparedBefore_ButDoesNotGiveTheGoldenRowsHere_RunsInOnnxRuntime()
    {
        Package();
        var wrong = new ScriptedGraph(2, 2, (row, horizon, column) => Answer(row, horizon, column) + 1);

        using OnnxForecaster forecaster = Load(ModelPackage.LoadCompared(_scratch.At("a")), Compiling(wrong));

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
        Assert.Equal(1_103, Assert.Single(_log.Lines).Id);
        Assert.True(wrong.IsDisposed);
    }

    [Fact]
    public void Load_WhenItWasComparedBefore_ButIsNotCompiled_RunsInOnnxRuntime()
    {
        Package();

        using OnnxForecaster forecaster = Load(ModelPackage.LoadCompared(_scratch.At("a")));

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
    }

    [Fact]
    public void Load_WhenTheCompiledGraphIsOffByOneBit_RunsInOnnxRuntimeAndWarns()
    {
        var compiled = new ScriptedGraph(2, 2, (row, horizon, column) =>
            row[0] == 3 && horizon == 1 && column == 4 ? MathF.BitIncrement(Answer(row, horizon, column)) : Answer(row, horizon, column));

        using OnnxForecaster forecaster = Load(Package(), Compiling(compiled));

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
        (int id, LogLevel level, string text) = Assert.Single(_log.Lines);
        Assert.Equal((1_103, LogLevel.Warning), (id, level));
        Assert.Contains("high is", text, StringComparison.Ordinal);
        Assert.Contains("1 of 6 rows differ (horizon 60 min)", text, StringComparison.Ordinal);
        Assert.True(compiled.IsDisposed);
    }

    [Fact]
    public void Load_WhenTheCompiledGraphDiffersOnRandomRows_RunsInOnnxRuntimeAndWarns()
    {
        ModelEngines engines = Compiling(new ScriptedGraph(2, 2, Answer)) with { Compare = (_, _, _) => "row 77 differs" };

        using OnnxForecaster forecaster = Load(Package(), engines);

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
        Assert.Contains("row 77 differs", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    public void Load_WhenTheCompiledGraphHasOtherCounts_RunsInOnnxRuntime(int features, int horizons)
    {
        var compiled = new ScriptedGraph(features, horizons, (_, _, _) => 0);

        using OnnxForecaster forecaster = Load(Package(), Compiling(compiled));

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
        Assert.True(compiled.IsDisposed);
    }

    [Fact]
    public void Load_WhenOnnxRuntimeIsMissing_UsesCompiledTreesThatGiveTheGoldenRows()
    {
        using OnnxForecaster forecaster = Load(Package(), Compiling(new ScriptedGraph(2, 2, Answer)) with { OpenSession = Missing });

        Assert.Equal(ModelRuntime.CompiledTrees, forecaster.Runtime);
        (int id, LogLevel level, string text) = Assert.Single(_log.Lines);
        Assert.Equal((1_102, LogLevel.Warning), (id, level));
        Assert.Contains("not installed here", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenOnnxRuntimeIsMissing_RefusesWhatIsNotCompiledOrWrong()
    {
        var wrong = new ScriptedGraph(2, 2, (_, _, _) => 1);

        Assert.Contains("it needs ONNX Runtime, since no trees here", Refusal(Package(), NotCompiling with { OpenSession = Missing }), StringComparison.Ordinal);
        Assert.Contains("compiled trees disagree", Refusal(Package("b"), Compiling(wrong) with { OpenSession = Missing }), StringComparison.Ordinal);
        Assert.True(wrong.IsDisposed);
    }

    [Fact]
    public void Load_WhenANamedLibraryIsWrong_RefusesEvenWhatIsCompiled()
    {
        ModelEngines engines = Compiling(new ScriptedGraph(2, 2, Answer)) with
        {
            OpenSession = _ => throw new WrongLibraryPathException("names '/nowhere'"),
        };

        Assert.Contains("/nowhere", Refusal(Package(), engines), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenAGoldenAnswerIsOffByOneBit_Refuses()
    {
        GoldenRows golden = Golden();
        golden.Answers[^1] = MathF.BitIncrement(golden.Answers[^1]);

        string refusal = Refusal(Write(golden: golden), Compiling(new ScriptedGraph(2, 2, Answer)));

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

        Assert.Contains("3 features, but the schema 'two' has 2", Refusal(Write(golden: wide), NotCompiling), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheGraphIsDamagedOrAnother_RefusesWithOnnxRuntimesWords()
    {
        Assert.Contains("model.onnx: ONNX Runtime error", Refusal(Write("a", graph: [1, 2, 3]), NotCompiling), StringComparison.Ordinal);
        Assert.Contains("'forecasts' is expected", Refusal(Write("b", OnnxBytes.Product(Weights(), output: "prices")), NotCompiling), StringComparison.Ordinal);
        Assert.Contains("float [?, 5]; float [?, 10]", Refusal(Write("c", OnnxBytes.Product(new float[2, 5])), NotCompiling), StringComparison.Ordinal);
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

    private static ModelEngines NotCompiling => new()
    {
        Compile = (ReadOnlySpan<byte> _, out string reason) =>
        {
            reason = "no trees here.";
            return null;
        },
    };

    private static ModelEngines Compiling(IModelGraph compiled) => new()
    {
        Compile = (ReadOnlySpan<byte> _, out string reason) =>
        {
            reason = "";
            return compiled;
        },
        Compare = (_, _, _) => null, // The real one reads trees, of which the graph here has none.
    };

    private static OnnxSession Missing(ReadOnlySpan<byte> graph) => throw new DllNotFoundException("not installed here");

    /// <summary>Column c of horizon h is (5h + c) x the first feature + the second, which is exact for small whole numbers.</summary>
    private static float Answer(float[] row, int horizon, int column) => (((5 * horizon) + column) * row[0]) + row[1];

    private static float[,] Weights()
    {
        float[,] weights = new float[2, 10];
        for (int column = 0; column < 10; column++)
        {
            weights[0, column] = column;
            weights[1, column] = 1;
        }

        return weights;
    }

    private static GoldenRows Golden()
    {
        float[] rows = [1, 2, float.NaN, 3, 3, 4, 0, 0, 5, 7, 11, 13];
        float[] answers = [.. Enumerable.Range(0, 6).SelectMany(row => Enumerable.Range(0, 10).Select(column => Answer(rows[(2 * row)..((2 * row) + 2)], column / 5, column % 5)))];
        return new GoldenRows(2, 2, rows, answers);
    }

    private ModelPackage Package(string folder = "a") => Write(folder);

    private ModelPackage Write(string folder = "a", byte[]? graph = null, GoldenRows? golden = null)
    {
        ModelPackage.Write(_scratch.At(folder), SampleManifest.Of(Schema, 15, 60), graph ?? OnnxBytes.Product(Weights()), golden ?? Golden());
        return ModelPackage.Load(_scratch.At(folder));
    }

    private OnnxForecaster Load(ModelPackage package, ModelEngines? engines = null) => OnnxForecaster.Load(package, Schema, _log, engines ?? NotCompiling);

    private string Refusal(ModelPackage package, ModelEngines engines) =>
        Assert.Single(Assert.Throws<ModelRefusedException>(() => Load(package, engines)).Refusals).ToString();
}
