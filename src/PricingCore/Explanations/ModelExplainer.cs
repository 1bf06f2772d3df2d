using System.Diagnostics.CodeAnalysis;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Trees;

namespace PricingCore.Explanations;

/// <summary>Takes a model apart: how much each feature contributes to what it predicts. For models that are trees.</summary>
/// <threadsafety>Any thread.</threadsafety>
public sealed class ModelExplainer
{
    private const int ExpectedDemandColumn = 2; // Of the answer for a horizon.

    private readonly string[] _features;
    private readonly int[] _horizonsMinutes;
    private readonly int[] _targets;
    private readonly TreeKernel _kernel;
    private readonly TreeContributions _trees;

    private ModelExplainer(ModelManifest manifest, string[] features, int[] targets, TreeKernel kernel, TreeContributions trees)
    {
        ModelVersion = manifest.ModelVersion;
        _features = features;
        _horizonsMinutes = [.. manifest.HorizonsMinutes];
        _targets = targets;
        _kernel = kernel;
        _trees = trees;
    }

    /// <summary>The model.</summary>
    public string ModelVersion { get; }

    /// <summary>Takes a model apart. Averages are over the rows that its package carries.</summary>
    /// <param name="package">The package.</param>
    /// <param name="schema">The schema that the model was trained with.</param>
    /// <param name="explainer">The explainer; null when there is none.</param>
    /// <param name="reason">Why there is none, in a sentence; empty when there is one.</param>
    /// <returns>Whether the model is one of trees whose expected demand follows one sum of leaves for each horizon.</returns>
    public static bool TryOpen(ModelPackage package, FeatureSchema schema, [NotNullWhen(true)] out ModelExplainer? explainer, out string reason)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(schema);
        explainer = null;
        if (!string.Equals(package.Manifest.Schema.Hash, schema.Hash, StringComparison.OrdinalIgnoreCase) || package.Golden.FeatureCount != schema.Count)
        {
            reason = $"{package.Manifest.ModelVersion} was trained with the schema '{package.Manifest.Schema.Name}', which is not this one.";
            return false;
        }

        try
        {
            (List<TailStep> steps, int[] outputs, TreeEnsemble trees) = TailReader.Read(package.Graph, GraphFile.Read(package.Graph));
            if (!TreeKernel.TryCompile(package.Graph, out TreeKernel? kernel, out reason))
            {
                reason = $"{package.Manifest.ModelVersion} is not made of trees alone: {reason}.";
                return false;
            }

            int[] targets = [.. Enumerable.Range(0, kernel.HorizonCount).Select(horizon => TargetOf(steps, outputs, horizon))];
            explainer = new ModelExplainer(
                package.Manifest,
                [.. schema.Features.Select(feature => feature.Name)],
                targets,
                kernel,
                new TreeContributions(trees, new TreeCovers(trees, package.Golden.Rows)));
            return true;
        }
        catch (GraphRefusedException refused)
        {
            reason = $"{package.Manifest.ModelVersion} is not made of trees alone: {refused.Message}.";
            return false;
        }
    }

    /// <summary>Whether the model predicts so far ahead.</summary>
    /// <param name="horizonMinutes">How far, in minutes.</param>
    public bool Supports(int horizonMinutes) => Array.IndexOf(_horizonsMinutes, horizonMinutes) >= 0;

    /// <summary>Says what each feature of a row contributes.</summary>
    /// <param name="row">The row, in schema order; missing features are not a number.</param>
    /// <param name="horizonMinutes">One of the model's horizons.</param>
    /// <param name="priced">The forecast that was priced, to compare with.</param>
    /// <exception cref="ArgumentException">The row is not as long as the schema.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The model does not predict so far ahead.</exception>
    public ForecastContributions Explain(ReadOnlySpan<float> row, int horizonMinutes, Forecast priced)
    {
        if (row.Length != _features.Length)
        {
            throw new ArgumentException($"The row has {row.Length} features; {ModelVersion} reads {_features.Length}.", nameof(row));
        }

        int horizon = Array.IndexOf(_horizonsMinutes, horizonMinutes);
        if (horizon < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(horizonMinutes), horizonMinutes, $"{ModelVersion} predicts {string.Join(", ", _horizonsMinutes)} minutes ahead.");
        }

        double[] all = new double[row.Length];
        _trees.Explain(row, _targets[horizon], all);
        var contributions = new List<FeatureContribution>();
        double total = _trees.BaseValue(_targets[horizon]);
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i] != 0)
            {
                contributions.Add(new FeatureContribution(_features[i], row[i], all[i]));
            }
        }

        contributions.Sort((left, right) => Math.Abs(right.Contribution).CompareTo(Math.Abs(left.Contribution)) is var order and not 0
            ? order
            : string.CompareOrdinal(left.Feature, right.Feature));
        contributions.ForEach(contribution => total += contribution.Contribution); // In the order in which a reader adds them.

        Span<float> answer = stackalloc float[IModelGraph.AnswerWidth];
        _kernel.Evaluate(row, 1, horizon, answer);
        var forecast = new Forecast(answer[0], answer[1], answer[2], answer[3], answer[4], horizonMinutes);
        float prediction = _trees.Sum(row, _targets[horizon]);
        return new ForecastContributions
        {
            ModelVersion = ModelVersion,
            HorizonMinutes = horizonMinutes,
            BaseValue = _trees.BaseValue(_targets[horizon]),
            Contributions = contributions,
            Prediction = prediction,
            RoundingDifference = prediction - total,
            Forecast = forecast,
            IsThePricedForecast = forecast == priced,
        };
    }

    private static int TargetOf(List<TailStep> steps, int[] outputs, int horizon)
    {
        int column = outputs[(horizon * IModelGraph.AnswerWidth) + ExpectedDemandColumn];
        int[] targets = ScoringTail.Compile(steps, [column]).Targets;
        return targets is [int target]
            ? target
            : throw new GraphRefusedException($"the expected demand of a horizon follows {targets.Length} sums of leaves, not one");
    }
}
