namespace PricingCore.Forecasts.Models;

/// <summary>What a model package says of its model: the content of <c>model.json</c>. docs/models.md describes each field.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ModelManifest
{
    /// <summary>The status of a model that beat every baseline, or that a person let through.</summary>
    public const string Accepted = "accepted";

    /// <summary>The status of a model that did not beat every baseline.</summary>
    public const string Rejected = "rejected";

    /// <summary>The layout of the package; this version reads and writes 1.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Names the model: 1 to 40 lower-case letters, digits, <c>-</c> or <c>_</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A semantic version, for example <c>1.2.0</c>. What a version holds never changes.</summary>
    public required string Version { get; init; }

    /// <summary><see cref="Accepted"/> or <see cref="Rejected"/>; only an accepted model is deployed.</summary>
    public required string Status { get; init; }

    /// <summary>When it was made: the end of its training data, so that the same data give the same bytes.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The graph's file. Filled in when the package is written.</summary>
    public ModelFile Graph { get; init; } = new("", "");

    /// <summary>The file of golden rows. Filled in when the package is written.</summary>
    public GoldenFile Golden { get; init; } = new("", "", 0);

    /// <summary>The schema that the model was trained with.</summary>
    public required ModelSchema Schema { get; init; }

    /// <summary>The name of the graph's input: rows of features, <c>[rows, features]</c>.</summary>
    public string Input { get; init; } = "features";

    /// <summary>The name of the graph's output: <c>[rows, 5 x horizons]</c>.</summary>
    public string Output { get; init; } = "forecasts";

    /// <summary>The horizons in the order of the output's columns, in minutes, 1 to 10,080; 1 to 16 of them, none twice.</summary>
    public required IReadOnlyList<int> HorizonsMinutes { get; init; }

    /// <summary>What it was trained on.</summary>
    public required ModelTraining Training { get; init; }

    /// <summary>How it was trained: the name and the value of each setting.</summary>
    public required IReadOnlyDictionary<string, string> HyperParameters { get; init; }

    /// <summary>Its errors on data that it was not trained on, beside the baselines.</summary>
    public required IReadOnlyList<HorizonMetrics> Metrics { get; init; }

    /// <summary>How much each feature lowered the training error, largest first.</summary>
    public required IReadOnlyList<FeatureGain> FeatureImportance { get; init; }

    /// <summary>The name and version as decisions carry them: <c>name/version</c>, at most 64 characters.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ModelVersion => $"{Name}/{Version}";

    /// <summary>The manifest as the text of <c>model.json</c>.</summary>
    public string ToJson() => System.Text.Encoding.UTF8.GetString(ModelManifestFile.Write(this)).TrimEnd();
}
