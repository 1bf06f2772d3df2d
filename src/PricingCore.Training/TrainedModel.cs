using System.Globalization;
using PricingCore.Forecasts.Models;
using PricingCore.Training.Fitting;
using PricingCore.Training.History;
using PricingCore.Training.Metrics;
using PricingCore.Training.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Training;

/// <summary>A model that was trained, with its errors on the held-out part; to be written as a package.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class TrainedModel
{
    /// <summary>The feature that the demand score is measured against.</summary>
    internal const string MeanFeature = "rolling_avg_demand_7d";

    private readonly DemandRows _rows;
    private readonly TrainingOptions _options;
    private readonly TimeSplit _split;
    private readonly DecisionForest _forest;
    private readonly DemandScale _scale;
    private readonly HorizonFit[] _fits;
    private readonly float[] _golden;

    internal TrainedModel(
        DemandRows rows, TrainingOptions options, TimeSplit split, DecisionForest forest, DemandScale scale, HorizonFit[] fits, float[] golden, ForecastReport report)
    {
        _rows = rows;
        _options = options;
        _split = split;
        _forest = forest;
        _scale = scale;
        _fits = fits;
        _golden = golden;
        Report = report;
    }

    /// <summary>The errors on the held-out part, beside the baselines.</summary>
    public ForecastReport Report { get; }

    /// <summary>Whether the WAPE on the held-out part is below that of every baseline at every horizon.</summary>
    public bool IsAccepted => Report.BeatsBaselines;

    /// <summary>When the held-out part begins.</summary>
    public DateTimeOffset HeldOutFrom => _rows.TimeOf(_split.HeldOutFrom);

    /// <summary>The feature that trees predict shares of.</summary>
    public string ScaleFeature => _rows.Schema.Features[_scale.ScaleColumn].Name;

    /// <summary>Trees for the demand of each horizon, shortest first.</summary>
    public IReadOnlyList<int> TreeCounts => [.. _fits.Select(fit => fit.Level.Count)];

    /// <summary>How much each feature lowered the training error, largest first; parts of 1. Features that no tree splits by are left out.</summary>
    public IReadOnlyList<FeatureGain> FeatureImportance
    {
        get
        {
            double[] gains = [.. Enumerable.Range(0, _rows.Schema.Count).Select(column => _fits.Sum(fit => fit.Gains[column] / Math.Max(double.Epsilon, fit.Gains.Sum())) / _fits.Length)];
            return [.. gains.Index().Where(gain => gain.Item > 0).OrderByDescending(gain => gain.Item).ThenBy(gain => gain.Index)
                .Select(gain => new FeatureGain(_rows.Schema.Features[gain.Index].Name, Math.Round(gain.Item, 6)))];
        }
    }

    /// <summary>The graph, for tests that compare it.</summary>
    internal DecisionForest Forest => _forest;

    /// <summary>The golden rows with the answers.</summary>
    internal GoldenRows Golden
    {
        get
        {
            var reference = new DemandReference(_forest, _rows.HorizonsMinutes, _scale);
            var answers = new float[_golden.Length / _rows.Schema.Count * reference.AnswerCount];
            reference.Evaluate(_golden, answers);
            return new GoldenRows(_rows.Schema.Count, _rows.HorizonsMinutes.Count, _golden, answers);
        }
    }

    /// <summary>What the model says of rows of a history, in order.</summary>
    /// <param name="rows">Rows of the same schema, for example those it was trained on.</param>
    /// <param name="from">No row before this time.</param>
    /// <param name="horizon">The index of the horizon, from 0.</param>
    public IEnumerable<(int Row, Forecasts.Forecast Forecast)> Forecast(DemandRows rows, DateTimeOffset from, int horizon)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var reference = new DemandReference(_forest, _rows.HorizonsMinutes, _scale);
        return ForecastEvaluation.Ask(new FittedForecaster(reference, _rows.HorizonsMinutes), rows, rows.FirstRowFrom(from), horizon);
    }

    /// <summary>Writes the model as a package: graph, golden rows and <c>model.json</c>.</summary>
    /// <param name="folder">The folder, which must not exist yet or be empty.</param>
    /// <param name="name">Names the model: 1 to 40 lower-case letters, digits, <c>-</c> or <c>_</c>.</param>
    /// <param name="version">A semantic version, for example <c>1.0.0</c>.</param>
    /// <param name="allowWorse">Whether a model that does not beat every baseline is let through as accepted all the same.</param>
    /// <exception cref="ModelRefusedException">The result would be refused when loaded, for example for its name.</exception>
    /// <exception cref="IOException">The folder holds something, or cannot be written.</exception>
    public ModelPackage Write(string folder, string name, string version, bool allowWorse = false)
    {
        byte[] graph = DemandGraph.Write(_forest, _rows.HorizonsMinutes, _scale);
        return ModelPackage.Write(folder, ManifestOf(name, version, allowWorse), graph, Golden);
    }

    private ModelManifest ManifestOf(string name, string version, bool allowWorse) => new()
    {
        Name = name,
        Version = version,
        Status = IsAccepted || allowWorse ? ModelManifest.Accepted : ModelManifest.Rejected,
        Created = _rows.EndsAt,
        Schema = new ModelSchema(_rows.Schema.Name, _rows.Schema.Hash),
        HorizonsMinutes = _rows.HorizonsMinutes,
        Training = new ModelTraining(_rows.FirstEventAt, _rows.EndsAt, _rows.Count, _rows.Events, _rows.DataSha256),
        HyperParameters = HyperParameters(),
        Metrics = [.. Report.Horizons.Select(horizon => horizon.Metrics)],
        FeatureImportance = FeatureImportance,
    };

    private Dictionary<string, string> HyperParameters() => new()
    {
        ["trees"] = string.Join(", ", TreeCounts),
        ["max_trees"] = Text(_options.Trees),
        ["depth"] = Text(_options.Depth),
        ["learning_rate"] = Text(_options.LearningRate),
        ["subsample"] = Text(_options.Subsample),
        ["column_sample"] = Text(_options.ColumnSample),
        ["min_child_weight"] = Text(_options.MinChildWeight),
        ["lambda"] = Text(_options.Lambda),
        ["early_stop_rounds"] = Text(_options.EarlyStopRounds),
        ["interval_trees"] = Text(_options.IntervalTrees),
        ["interval_depth"] = Text(_options.IntervalDepth),
        ["interval_factors"] = string.Join(", ", _fits.Select(fit => Text(Math.Round(fit.IntervalFactor, 6)))),
        ["coverage"] = Text(_options.Coverage),
        ["folds"] = Text(_options.Folds),
        ["scale_feature"] = ScaleFeature,
        ["weight_power"] = Text(_options.WeightPower),
        ["ignored_features"] = string.Join(", ", _options.IgnoredFeatures),
        ["seed"] = Text(_options.Seed),
        ["threads"] = Text(_options.Threads),
        ["xgboost"] = Xgboost.XgboostLibrary.Version,
        ["max_bins"] = Text(Xgboost.XgboostSettings.MaxBins),
        ["validation_from"] = Time(_rows.TimeOf(_split.Validation[0])),
        ["held_out_from"] = Time(HeldOutFrom),
        ["fitted_until"] = Time(_rows.TimeOf((_options.RefitOnValidation ? _split.Fitted : _split.Train)[^1])),
        ["fitted_rows"] = Text((_options.RefitOnValidation ? _split.Fitted : _split.Train).Length),
        ["kept_share_of_rows"] = Text(_rows.KeptShare),
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
