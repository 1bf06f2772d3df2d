using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Features;

namespace PricingCore.Forecasts.Models;

/// <summary>Forecasts with a trained model out of a package: as compiled trees, or in ONNX Runtime.</summary>
/// <remarks>
/// <para>Loading compares everything that can be compared: the schema's hash, the graph's inputs and outputs, and the golden rows,
/// which must come out bit for bit as the trainer wrote them, in a batch and one by one. A package that fails is refused with every reason.</para>
/// <para>A forecast depends on its row alone. <see cref="Predict"/> allocates nothing after the first call on a thread.</para>
/// </remarks>
/// <threadsafety>
/// <see cref="Predict"/>: any thread, several at a time. <see cref="Dispose"/>: when no thread predicts any more; a later
/// <see cref="Predict"/> throws.
/// </threadsafety>
public sealed class OnnxForecaster : IForecaster, IDisposable
{
    private const int RowsAtOnce = 512; // Their answers take 10 KB of stack.

    private readonly IModelGraph _graph;
    private readonly int[] _horizonsMinutes;

    private OnnxForecaster(ModelPackage package, IModelGraph graph, TrainingBins? trainedOn)
    {
        TrainedOn = trainedOn;
        Manifest = package.Manifest;
        PackagePath = package.Path;
        ModelVersion = Manifest.ModelVersion;
        _graph = graph;
        _horizonsMinutes = [.. Manifest.HorizonsMinutes];
    }

    /// <summary>What the package says of the model.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Where its package was loaded from.</summary>
    internal string PackagePath { get; }

    /// <summary>How the features it was trained on are distributed; null when its golden rows are too few to say.</summary>
    internal TrainingBins? TrainedOn { get; }

    /// <inheritdoc/>
    public string ModelVersion { get; }

    /// <summary>The horizons that it can predict, in minutes.</summary>
    public IReadOnlyList<int> HorizonsMinutes => _horizonsMinutes;

    /// <summary>What evaluates the graph.</summary>
    public ModelRuntime Runtime => _graph is Onnx.OnnxModelGraph ? ModelRuntime.OnnxRuntime : ModelRuntime.CompiledTrees;

    /// <summary>Loads a model and checks it.</summary>
    /// <param name="package">The package.</param>
    /// <param name="schema">The schema of the rows that it will be given; the one that it was trained with.</param>
    /// <param name="logger">Told what evaluates the graph, and why; null tells nobody.</param>
    /// <exception cref="ModelRefusedException">It cannot be used; every reason is listed.</exception>
    public static OnnxForecaster Load(ModelPackage package, FeatureSchema schema, ILogger? logger = null) =>
        Load(package, schema, logger, ModelEngines.Real);

    /// <inheritdoc cref="Load(ModelPackage, FeatureSchema, ILogger?)"/>
    internal static OnnxForecaster Load(ModelPackage package, FeatureSchema schema, ILogger? logger, ModelEngines engines)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(schema);
        ModelRefusal[] refusals = [.. SchemaRefusals(package, schema)];
        if (refusals.Length > 0)
        {
            throw new ModelRefusedException(package.Path, refusals);
        }

        IModelGraph graph = ModelGraphChoice.Open(package, logger ?? NullLogger.Instance, engines);
        return new OnnxForecaster(package, graph, TrainingBins.Of(package.Manifest.ModelVersion, package.Golden, schema));
    }

    /// <inheritdoc/>
    public bool Supports(int horizonMinutes) => Array.IndexOf(_horizonsMinutes, horizonMinutes) >= 0;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The model does not predict the batch's horizon.</exception>
    /// <exception cref="ArgumentException">The rows are not of the model's schema, or there is no room for the answers.</exception>
    [SkipLocalsInit]
    public void Predict(in ForecastBatch batch, Span<Forecast> forecasts)
    {
        int horizon = Array.IndexOf(_horizonsMinutes, batch.HorizonMinutes);
        if (horizon < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batch), batch.HorizonMinutes, $"{ModelVersion} predicts {string.Join(", ", _horizonsMinutes)} minutes ahead.");
        }

        int width = _graph.FeatureCount;
        if (batch.RowWidth != width || batch.Rows.Length != (long)batch.Count * width || forecasts.Length < batch.Count)
        {
            throw new ArgumentException(
                $"{batch.Count} rows of {width} features are expected, and as much room for answers; there are {batch.Rows.Length} numbers in rows of {batch.RowWidth}, and room for {forecasts.Length}.",
                nameof(batch));
        }

        Span<float> answers = stackalloc float[RowsAtOnce * IModelGraph.AnswerWidth];
        for (int first = 0; first < batch.Count; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, batch.Count - first);
            _graph.Evaluate(batch.Rows.Slice(first * width, count * width), count, horizon, answers);
            for (int i = 0; i < count; i++)
            {
                Span<float> answer = answers.Slice(i * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth);
                forecasts[first + i] = new Forecast(
                    DemandScore: answer[0], Confidence: answer[1], ExpectedDemand: answer[2], Low: answer[3], High: answer[4],
                    HorizonMinutes: batch.HorizonMinutes);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private static IEnumerable<ModelRefusal> SchemaRefusals(ModelPackage package, FeatureSchema schema)
    {
        ModelSchema trained = package.Manifest.Schema;
        if (trained.Name != schema.Name || !string.Equals(trained.Hash, schema.Hash, StringComparison.OrdinalIgnoreCase))
        {
            yield return new ModelRefusal(
                ModelPackage.ManifestName,
                $"it was trained with the schema '{trained.Name}' ({Short(trained.Hash)}), but the engine's is '{schema.Name}' ({Short(schema.Hash)}).",
                "Give the engine the schema that the model was trained with, or train the model again.");
        }
        else if (package.Golden.FeatureCount != schema.Count)
        {
            yield return new ModelRefusal(
                package.Manifest.Golden.File,
                $"its rows have {package.Golden.FeatureCount} features, but the schema '{schema.Name}' has {schema.Count}.",
                "Train the model again.");
        }

        static string Short(string hash) => hash[..12];
    }
}
