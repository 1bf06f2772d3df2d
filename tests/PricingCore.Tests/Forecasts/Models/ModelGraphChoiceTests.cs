using Microsoft.Extensions.Logging;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;
using static PricingCore.Tests.Forecasts.Models.LinearModel;
using static PricingCore.Tests.Forecasts.Models.ScriptedEngines;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>
/// Goal: a model is evaluated by the faster of the ways that answer as its trainer did, and the log says which and why.
/// Method: a linear model in the real ONNX Runtime; compiled trees are scripted, right or wrong.
/// </summary>
public sealed class ModelGraphChoiceTests : IDisposable
{
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

        using OnnxForecaster forecaster = Load(ModelPackage.Load(_scratch.At("a")).AsCompared(), engines);

        Assert.Equal(ModelRuntime.CompiledTrees, forecaster.Runtime);
        Assert.Equal((1_104, LogLevel.Information), (_log.Lines[0].Id, _log.Lines[0].Level));
    }

    [Fact]
    public void Load_WhenItWasComparedBefore_ButDoesNotGiveTheGoldenRowsHere_RunsInOnnxRuntime()
    {
        Package();
        var wrong = new ScriptedGraph(2, 2, (row, horizon, column) => Answer(row, horizon, column) + 1);

        using OnnxForecaster forecaster = Load(ModelPackage.Load(_scratch.At("a")).AsCompared(), Compiling(wrong));

        Assert.Equal(ModelRuntime.OnnxRuntime, forecaster.Runtime);
        Assert.Equal(1_103, Assert.Single(_log.Lines).Id);
        Assert.True(wrong.IsDisposed);
    }

    [Fact]
    public void Load_WhenItWasComparedBefore_ButIsNotCompiled_RunsInOnnxRuntime()
    {
        Package();

        using OnnxForecaster forecaster = Load(ModelPackage.Load(_scratch.At("a")).AsCompared());

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

    private ModelPackage Package(string folder = "a") => Write(_scratch.At(folder));

    private OnnxForecaster Load(ModelPackage package, ModelEngines? engines = null) => OnnxForecaster.Load(package, Schema, _log, engines ?? NotCompiling);

    private string Refusal(ModelPackage package, ModelEngines engines) =>
        Assert.Single(Assert.Throws<ModelRefusedException>(() => Load(package, engines)).Refusals).ToString();
}
