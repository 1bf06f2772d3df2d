using PricingCore.Forecasts.Models;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Onnx;

/// <summary>What a demand model answers, computed by plain loops from the trees as they were trained.</summary>
/// <remarks>
/// The trainer's own outputs come from here: they do not pass through the graph that they are to check. Each operation is done
/// in single precision, in the order of <see cref="DemandGraph"/>; each target's leaves are added in the order of the trees, from 0.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class DemandReference
{
    /// <summary>What is added to the demand in the score: an average hour of a busy region has a score of 1/2.</summary>
    internal const float ScorePrior = 0.5f;

    /// <summary>What is added to the demand in the confidence.</summary>
    internal const float ConfidencePrior = 1f;

    private readonly DecisionForest _forest;
    private readonly float[] _hours;
    private readonly DemandScale _scale;

    /// <exception cref="ArgumentException">The three do not fit each other.</exception>
    public DemandReference(DecisionForest forest, IReadOnlyList<int> horizonsMinutes, DemandScale scale)
    {
        DemandGraph.CheckShape(forest, horizonsMinutes, scale);
        _forest = forest;
        _hours = [.. horizonsMinutes.Select(Hours)];
        _scale = scale;
    }

    /// <summary>Numbers in the answer to one row.</summary>
    public int AnswerCount => IModelGraph.AnswerWidth * _hours.Length;

    /// <summary>Evaluates rows that lie one after the other.</summary>
    /// <param name="rows">Rows in schema order; missing features are not a number.</param>
    /// <param name="answers">For each row and horizon: demand_score, confidence, expected_demand, low, high.</param>
    public void Evaluate(ReadOnlySpan<float> rows, Span<float> answers)
    {
        float[] raw = new float[_forest.TargetCount];
        for (int at = 0, to = 0; at < rows.Length; at += _forest.FeatureCount, to += AnswerCount)
        {
            Evaluate(rows.Slice(at, _forest.FeatureCount), raw, answers.Slice(to, AnswerCount));
        }
    }

    /// <summary>The sum of each target's leaves for one row.</summary>
    public static void Sum(DecisionForest forest, ReadOnlySpan<float> row, Span<float> raw)
    {
        raw.Clear();
        foreach (DecisionTree tree in forest.Trees)
        {
            int node = 0;
            while (!tree.IsLeaf(node))
            {
                float value = row[tree.Feature[node]];
                bool left = float.IsNaN(value) ? tree.MissingGoesLeft[node] : value < tree.Value[node];
                node = left ? tree.Left[node] : tree.Right[node];
            }

            raw[tree.Target] += tree.Value[node];
        }
    }

    internal static float Hours(int minutes) => minutes / 60f;

    private static float Known(float value) => float.IsNaN(value) ? 0 : value;

    private void Evaluate(ReadOnlySpan<float> row, Span<float> raw, Span<float> answers)
    {
        Sum(_forest, row, raw);
        for (int i = 0; i < _hours.Length; i++)
        {
            float usual = (Known(row[_scale.ScaleColumn]) * _scale.PerHour[i]) + _scale.Prior[i];
            float mean = Known(row[_scale.MeanColumn]) * _hours[i];
            float expected = MathF.Max(raw[2 * i], 0) * usual;
            float half = MathF.Max(raw[(2 * i) + 1], 0) * usual;
            float sure = expected + ConfidencePrior;

            Span<float> answer = answers.Slice(i * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth);
            answer[0] = expected / ((expected + mean) + ScorePrior);
            answer[1] = sure / (sure + half);
            answer[2] = expected;
            answer[3] = MathF.Max(expected - half, 0);
            answer[4] = expected + half;
        }
    }
}
