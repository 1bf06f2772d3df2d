using PricingCore.Training.History;
using PricingCore.Training.Xgboost;

namespace PricingCore.Training.Fitting;

/// <summary>Some of the rows, as XGBoost wants them, with what is to be learned of each.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class TreeMatrix : IDisposable
{
    private TreeMatrix(XgboostMatrix native, int[] rows, float[] usual, float baseScore)
    {
        Native = native;
        Rows = rows;
        Usual = usual;
        BaseScore = baseScore;
    }

    public XgboostMatrix Native { get; }

    /// <summary>Which rows these are.</summary>
    public int[] Rows { get; }

    /// <summary>What is usual for each.</summary>
    public float[] Usual { get; }

    /// <summary>The weighted mean of what is to be learned.</summary>
    public float BaseScore { get; }

    /// <summary>Copies rows.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="subset">Which of them.</param>
    /// <param name="usual">What is usual for each of the subset; shares of it are learned, and it is the weight of the row.</param>
    /// <param name="wanted">What is to be learned of each of the subset, in bookings.</param>
    /// <param name="options">Which features are hidden, and how rows are weighed.</param>
    public static TreeMatrix Of(DemandRows rows, int[] subset, float[] usual, float[] wanted, TrainingOptions options)
    {
        int width = rows.Schema.Count;
        int[] hidden = [.. rows.Schema.Features.Index().Where(feature => options.IgnoredFeatures.Any(name => IsNamed(feature.Item.Name, name))).Select(feature => feature.Index)];
        var features = new float[checked(subset.Length * width)];
        for (int i = 0; i < subset.Length; i++)
        {
            rows.FeaturesOf(subset[i]).CopyTo(features.AsSpan(i * width));
            foreach (int column in hidden)
            {
                features[(i * width) + column] = float.NaN; // The same for all rows, so that no tree splits by it.
            }
        }

        double[] weightsOfUsual = [.. usual.Select(value => Weight(value, options.WeightPower))];
        double meanWeight = weightsOfUsual.Sum() / subset.Length;
        var labels = new float[subset.Length];
        var weights = new float[subset.Length];
        for (int i = 0; i < subset.Length; i++)
        {
            labels[i] = wanted[i] / usual[i];
            weights[i] = (float)(weightsOfUsual[i] / meanWeight);
        }

        float baseScore = (float)(labels.Zip(weights, (label, weight) => (double)label * weight).Sum() / weights.Sum(weight => (double)weight));
        return new TreeMatrix(new XgboostMatrix(features, width, labels, weights), subset, usual, baseScore);
    }

    private static bool IsNamed(string feature, string name) =>
        name.EndsWith('*') ? feature.StartsWith(name[..^1], StringComparison.Ordinal) : feature == name;

    private static double Weight(double usual, double power) => power switch { 1 => usual, 0 => 1, _ => Math.Pow(usual, power) };

    public void Dispose() => Native.Dispose();
}
