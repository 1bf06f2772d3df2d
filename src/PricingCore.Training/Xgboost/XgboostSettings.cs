using System.Globalization;

namespace PricingCore.Training.Xgboost;

/// <summary>How XGBoost grows trees.</summary>
internal sealed record XgboostSettings
{
    /// <summary>Thresholds that one byte can number; a compiled kernel depends on it.</summary>
    public const int MaxBins = 255;

    public required int Depth { get; init; }

    public required double LearningRate { get; init; }

    public required double Subsample { get; init; }

    public required double ColumnSample { get; init; }

    public required double MinChildWeight { get; init; }

    public required double Lambda { get; init; }

    public required int Seed { get; init; }

    public required int Threads { get; init; }

    /// <summary>What is predicted before the first tree.</summary>
    public required float BaseScore { get; init; }

    public IEnumerable<(string Name, string Value)> ToParameters()
    {
        yield return ("verbosity", "0");
        yield return ("booster", "gbtree");
        yield return ("objective", "reg:squarederror");
        yield return ("tree_method", "hist");
        yield return ("max_bin", Text(MaxBins));
        yield return ("nthread", Text(Threads));
        yield return ("seed", Text(Seed));
        yield return ("base_score", Text(BaseScore));
        yield return ("max_depth", Text(Depth));
        yield return ("eta", Text(LearningRate));
        yield return ("subsample", Text(Subsample));
        yield return ("colsample_bytree", Text(ColumnSample));
        yield return ("min_child_weight", Text(MinChildWeight));
        yield return ("lambda", Text(Lambda));

        static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
    }
}
