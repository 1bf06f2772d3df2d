using PricingCore.Training.Fitting;
using PricingCore.Training.History;
using PricingCore.Training.Metrics;
using PricingCore.Training.Onnx;
using PricingCore.Training.Trees;
using PricingCore.Training.Xgboost;

namespace PricingCore.Training;

/// <summary>Trains demand models: rows in, a model with its errors beside the baselines out.</summary>
/// <remarks>
/// Time is split into a training, a validation and a held-out part. Trees predict demand as a share of what is usual; their number and
/// the scale are chosen on the validation part; the errors are those on the held-out part, which no tree has seen. The same rows and
/// options give the same model, bit for bit, on one machine and XGBoost version. docs/training.md has the formulas.
/// </remarks>
/// <threadsafety>Any thread; XGBoost works on the caller's.</threadsafety>
public static class ModelTrainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="rows">Rows as <see cref="DemandHistoryReader"/> reads them.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Told after each tree.</param>
    /// <param name="cancellationToken">Stops the training between two trees.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    /// <exception cref="TrainingException">The rows are too few, or have no demand.</exception>
    /// <exception cref="XgboostException">XGBoost is missing or failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TrainedModel Train(
        DemandRows rows, TrainingOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        int[] candidates = Check(rows, options);
        TimeSplit split = TimeSplit.Of(rows, options);
        CheckHeldOut(rows, split);
        int horizons = rows.HorizonsMinutes.Count;
        int total = (options.Trees * (candidates.Length - 1)) + (HorizonTrainer.TreesOf(options) * horizons);
        var grower = new TreeGrower(options, total, progress, cancellationToken);
        float[] golden = GoldenSample.Of(rows, options.GoldenRows);
        using var goldenMatrix = new XgboostMatrix(golden, rows.Schema.Count);
        HorizonTrainer[] trainers = [.. Enumerable.Range(0, horizons).Select(horizon =>
            new HorizonTrainer(rows, split, options, grower, horizon, goldenMatrix))];

        // The longest horizon chooses the scale for all, since a graph has one.
        grower.Stage = "choosing the scale";
        (int column, int longestTrees) = ChooseScale(trainers[^1], candidates);
        var fits = new HorizonFit[horizons];
        for (int horizon = 0; horizon < horizons; horizon++)
        {
            grower.Stage = $"{rows.HorizonsMinutes[horizon]} min: number of trees";
            int trees = horizon == horizons - 1 ? longestTrees : trainers[horizon].TryScale(column).Trees;
            fits[horizon] = trainers[horizon].Fit(column, trees);
        }

        var forest = new DecisionForest(
            rows.Schema.Count, 2 * horizons, [.. fits.SelectMany(fit => fit.Level.Concat(fit.Interval))]);
        var scale = new DemandScale(
            column,
            [.. fits.Select(fit => fit.Usual.PerUnit)],
            [.. fits.Select(fit => fit.Usual.Prior)],
            Math.Max(0, rows.Schema.IndexOf(TrainedModel.MeanFeature)));
        CheckParity(forest, golden, fits);
        var reference = new DemandReference(forest, rows.HorizonsMinutes, scale);
        ForecastReport report = ForecastEvaluation.Score(
            new FittedForecaster(reference, rows.HorizonsMinutes), rows, rows.TimeOf(split.HeldOutFrom), cancellationToken: cancellationToken);
        return new TrainedModel(rows, options, split, forest, scale, fits, golden, report);
    }

    private static int[] Check(DemandRows rows, TrainingOptions options)
    {
        List<string> errors = [.. options.Validate()];
        if (options.ScaleFeature is { } name && rows.Schema.IndexOf(name) < 0)
        {
            errors.Add($"{nameof(options.ScaleFeature)} is '{name}', which schema '{rows.Schema.Name}' does not have.");
        }

        int[] candidates = [.. (options.ScaleFeature is { } one ? [one] : UsualDemand.Candidates).Select(rows.Schema.IndexOf).Where(column => column >= 0)];
        if (candidates.Length == 0)
        {
            errors.Add($"Schema '{rows.Schema.Name}' has none of {string.Join(", ", UsualDemand.Candidates)}; set {nameof(options.ScaleFeature)}.");
        }

        if (rows.Schema.IndexOf(TrainedModel.MeanFeature) < 0)
        {
            errors.Add($"Schema '{rows.Schema.Name}' lacks {TrainedModel.MeanFeature}, which the demand score is measured against; add it.");
        }

        return errors.Count == 0
            ? candidates
            : throw new ArgumentException("The training options are refused:\n" + string.Join('\n', errors), nameof(options));
    }

    private static void CheckHeldOut(DemandRows rows, TimeSplit split)
    {
        for (int row = split.HeldOutFrom; row < rows.Count; row++)
        {
            if (rows.DemandOf(row, rows.HorizonsMinutes.Count - 1) > 0)
            {
                return;
            }
        }

        throw new TrainingException($"There was no booking after {rows.TimeOf(split.HeldOutFrom):O}; a model cannot be judged on the held-out part.");
    }

    private static (int Column, int Trees) ChooseScale(HorizonTrainer trainer, int[] candidates) =>
        candidates
            .Select(column => (Column: column, Found: trainer.TryScale(column)))
            .MinBy(tried => tried.Found.Error) is var best ? (best.Column, best.Found.Trees) : default;

    /// <summary>What was read from XGBoost's file must answer as XGBoost does, bit for bit.</summary>
    private static void CheckParity(DecisionForest forest, float[] golden, HorizonFit[] fits)
    {
        var raw = new float[forest.TargetCount];
        for (int row = 0; row < golden.Length / forest.FeatureCount; row++)
        {
            DemandReference.Sum(forest, golden.AsSpan(row * forest.FeatureCount, forest.FeatureCount), raw);
            for (int target = 0; target < raw.Length; target++)
            {
                float xgboost = fits[target / 2].GoldenRaw[(2 * row) + (target % 2)];
                if (BitConverter.SingleToInt32Bits(raw[target]) != BitConverter.SingleToInt32Bits(xgboost))
                {
                    throw new XgboostException(
                        $"The trees read from XGBoost say {raw[target]:R} where XGBoost says {xgboost:R} (golden row {row}, output {target}); no package is written.");
                }
            }
        }
    }
}
