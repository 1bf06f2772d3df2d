using Microsoft.Extensions.Logging;
using PricingCore.Forecasts.Onnx;

namespace PricingCore.Forecasts.Models;

/// <summary>Decides what evaluates a model, and refuses one that nothing evaluates as its trainer did.</summary>
/// <remarks>
/// Compiled trees when they give the trainer's bits on the golden rows and ONNX Runtime's on random ones; else ONNX Runtime, when
/// it gives the trainer's bits. Without ONNX Runtime the golden rows alone must do, and so they do for a package that was compared with it before and found equal.
/// </remarks>
internal sealed class ModelGraphChoice
{
    private const string NotThis = "Train the model again, and do not deploy this one.";

    private readonly ModelPackage _package;
    private readonly ILogger _logger;
    private readonly ModelEngines _engines;
    private readonly List<ModelRefusal> _refusals = [];

    private ModelGraphChoice(ModelPackage package, ILogger logger, ModelEngines engines)
    {
        _package = package;
        _logger = logger;
        _engines = engines;
    }

    private ModelManifest Manifest => _package.Manifest;

    private string Model => Manifest.ModelVersion;

    private GoldenRows Golden => _package.Golden;

    /// <summary>Opens the graph of a package whose golden rows have the schema's features.</summary>
    /// <exception cref="ModelRefusedException">Nothing evaluates it as its trainer did.</exception>
    public static IModelGraph Open(ModelPackage package, ILogger logger, ModelEngines engines)
    {
        var choice = new ModelGraphChoice(package, logger, engines);
        return choice.Choose() ?? throw new ModelRefusedException(package.Path, choice._refusals);
    }

    private IModelGraph? Choose()
    {
        IModelGraph? compiled = _engines.Compile(_package.Graph, out string notCompiled);
        if (compiled is not null && !HasTheCounts(compiled))
        {
            notCompiled = $"it answers for {compiled.HorizonCount} horizons of {compiled.FeatureCount} features.";
            compiled.Dispose();
            compiled = null;
        }

        if (_package.WasCompared && compiled is not null && FindGoldenDifference(compiled) is null)
        {
            ModelLog.CompiledAgain(_logger, Model, Golden.Count);
            return compiled;
        }

        OnnxModelGraph? session = null;
        IModelGraph? chosen = null;
        try
        {
            session = OpenSession(out string missing);
            chosen = _refusals.Count > 0 ? null
                : session is null ? ChooseWithoutRuntime(compiled, notCompiled, missing)
                : ChooseWithRuntime(session, compiled, notCompiled);
            return chosen;
        }
        finally
        {
            DisposeUnless(chosen, compiled);
            DisposeUnless(chosen, session);
        }
    }

    private IModelGraph? ChooseWithRuntime(OnnxModelGraph session, IModelGraph? compiled, string notCompiled)
    {
        string version = OnnxRuntimeLibrary.Version ?? "";
        if (FindGoldenDifference(session) is { } wrong)
        {
            _refusals.Add(new ModelRefusal(Manifest.Golden.File, $"ONNX Runtime {version} disagrees with the trainer: {wrong}.", NotThis));
            return null;
        }

        if (compiled is null)
        {
            ModelLog.NotCompiled(_logger, Model, version, Sentence(notCompiled));
            return session;
        }

        string? different = FindGoldenDifference(compiled) ?? _engines.Compare(_package.Graph, compiled, session);
        if (different is not null)
        {
            ModelLog.CompiledWrongly(_logger, Model, version, Sentence(different));
            return session;
        }

        ModelLog.Compiled(_logger, Model, version, Golden.Count);
        return compiled;
    }

    private IModelGraph? ChooseWithoutRuntime(IModelGraph? compiled, string notCompiled, string missing)
    {
        if (compiled is null)
        {
            _refusals.Add(new ModelRefusal(Manifest.Graph.File, $"it needs ONNX Runtime, since {Sentence(notCompiled)}", missing));
            return null;
        }

        if (FindGoldenDifference(compiled) is { } wrong)
        {
            _refusals.Add(new ModelRefusal(Manifest.Golden.File, $"the compiled trees disagree with the trainer: {wrong}.", missing));
            return null;
        }

        ModelLog.CompiledUnchecked(_logger, Model, Golden.Count, missing);
        return compiled;
    }

    private OnnxModelGraph? OpenSession(out string missing)
    {
        missing = "";
        OnnxSession session;
        try
        {
            session = _engines.OpenSession(_package.Graph);
        }
        catch (WrongLibraryPathException e)
        {
            _refusals.Add(new ModelRefusal("", e.Message, "")); // Somebody asked for this one: do not go on with another.
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or NotSupportedException)
        {
            missing = e.Message;
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            _refusals.Add(new ModelRefusal(Manifest.Graph.File, Sentence(e.Message), NotThis));
            return null;
        }

        string[] errors = [.. OnnxModelGraph.FindErrors(session, Manifest.Input, Manifest.Output, Golden.FeatureCount, Golden.HorizonCount)];
        if (errors.Length > 0)
        {
            session.Dispose();
            _refusals.AddRange(errors.Select(error => new ModelRefusal(Manifest.Graph.File, error, NotThis)));
            return null;
        }

        return new OnnxModelGraph(session, Manifest.Input, Manifest.Output, Golden.FeatureCount, Golden.HorizonCount);
    }

    private string? FindGoldenDifference(IModelGraph graph)
    {
        try
        {
            return GoldenCheck.FindDifference(graph, Golden, Manifest.HorizonsMinutes);
        }
        catch (OnnxRuntimeException e)
        {
            return e.Message;
        }
    }

    private bool HasTheCounts(IModelGraph graph) => graph.FeatureCount == Golden.FeatureCount && graph.HorizonCount == Golden.HorizonCount;

    private static string Sentence(string text) => text.TrimEnd('.') + ".";

    private static void DisposeUnless(IModelGraph? chosen, IModelGraph? graph)
    {
        if (!ReferenceEquals(chosen, graph))
        {
            graph?.Dispose();
        }
    }
}
