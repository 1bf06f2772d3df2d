using PricingCore.Forecasts.Models;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Onnx;

/// <summary>Writes the graph of a demand model: trees, and a tail that turns their sums into forecasts.</summary>
/// <remarks>
/// <para>The trees have two targets a horizon: 2i is the expected demand and 2i + 1 half the width of its interval, both as shares of the
/// usual demand. With h the hours of a horizon:</para>
/// <code>
/// usual        = scale feature * PerHour + Prior            mean = mean feature * h           a missing feature counts as 0
/// expected     = max(level, 0) * usual                      half = max(width, 0) * usual
/// demand_score = expected / ((expected + mean) + 1/2)       as in SeasonalNaiveForecaster, so that a swap does not shift prices
/// confidence   = (expected + 1) / ((expected + 1) + half)
/// low          = max(expected - half, 0)                    high = expected + half
/// </code>
/// <para>Only operators whose result is exactly rounded by IEEE 754, so that any runtime gives the same bits. All horizons are computed
/// side by side, which keeps the number of nodes, and with it ONNX Runtime's cost of a call, the same however many horizons there are.
/// <see cref="DemandReference"/> is the same arithmetic in plain loops.</para>
/// </remarks>
internal static class DemandGraph
{
    /// <summary>A model file; the same arguments give the same bytes.</summary>
    /// <param name="forest">Trees with two targets a horizon.</param>
    /// <param name="horizonsMinutes">The horizons in minutes, 1 to 10,080.</param>
    /// <param name="scale">How shares of the usual demand become bookings.</param>
    /// <exception cref="ArgumentException">The three do not fit each other, or one is not well formed.</exception>
    public static byte[] Write(DecisionForest forest, IReadOnlyList<int> horizonsMinutes, DemandScale scale)
    {
        int horizons = horizonsMinutes.Count;
        CheckShape(forest, horizonsMinutes, scale);
        var graph = new GraphBuilder("demand");
        string zero = graph.Constant("zero", [0f], 1);
        string half = graph.Constant("score_prior", [DemandReference.ScorePrior], 1);
        string one = graph.Constant("confidence_prior", [DemandReference.ConfidencePrior], 1);
        string perHour = graph.Constant("per_hour", scale.PerHour, 1, horizons);
        string prior = graph.Constant("prior", scale.Prior, 1, horizons);
        string hours = graph.Constant("hours", [.. horizonsMinutes.Select(DemandReference.Hours)], 1, horizons);

        string raw = EnsembleNode.Add(graph, forest, "raw");
        string known = Known(graph, "scale", scale.ScaleColumn, zero);
        string usual = graph.Add("Add", "usual", [graph.Add("Mul", "scaled", [known, perHour]), prior]);
        string mean = graph.Add("Mul", "mean", [Known(graph, "weekly_mean", scale.MeanColumn, zero), hours]);
        string expected = Share(graph, "expected", raw, Enumerable.Range(0, horizons).Select(i => 2L * i), zero, usual);
        string width = Share(graph, "width", raw, Enumerable.Range(0, horizons).Select(i => (2L * i) + 1), zero, usual);

        string low = graph.Add("Max", "low", [graph.Add("Sub", "below", [expected, width]), zero]);
        string high = graph.Add("Add", "high", [expected, width]);
        string total = graph.Add("Add", "total", [graph.Add("Add", "expected_and_mean", [expected, mean]), half]);
        string score = graph.Add("Div", "demand_score", [expected, total]);
        string sure = graph.Add("Add", "sure", [expected, one]);
        string confidence = graph.Add("Div", "confidence", [sure, graph.Add("Add", "sure_and_width", [sure, width])]);

        // Side by side the columns come answer by answer; the last step puts them horizon by horizon.
        string blocks = graph.Add("Concat", "blocks", [score, confidence, expected, low, high], GraphBuilder.Integer("axis", 1));
        IEnumerable<long> order = Enumerable.Range(0, horizons)
            .SelectMany(i => Enumerable.Range(0, IModelGraph.AnswerWidth).Select(k => ((long)k * horizons) + i));
        Columns(graph, GraphBuilder.Forecasts, blocks, order);
        return graph.ToBytes(forest.FeatureCount, IModelGraph.AnswerWidth * horizons);
    }

    /// <summary>Says what does not fit.</summary>
    internal static void CheckShape(DecisionForest forest, IReadOnlyList<int> horizonsMinutes, DemandScale scale)
    {
        const int LongestMinutes = 7 * 24 * 60;
        if (horizonsMinutes.Count == 0 || horizonsMinutes.Any(minutes => minutes is < 1 or > LongestMinutes))
        {
            throw new ArgumentException(
                $"Horizons must be from 1 to {LongestMinutes} minutes, but are [{string.Join(", ", horizonsMinutes)}].", nameof(horizonsMinutes));
        }

        if (forest.TargetCount != 2 * horizonsMinutes.Count)
        {
            throw new ArgumentException(
                $"A forest for {horizonsMinutes.Count} horizons must have {2 * horizonsMinutes.Count} targets, but has {forest.TargetCount}.", nameof(forest));
        }

        scale.Check(forest.FeatureCount, horizonsMinutes.Count);
    }

    private static string Known(GraphBuilder graph, string name, int column, string zero)
    {
        string feature = Columns(graph, name, GraphBuilder.Features, [column]);
        return graph.Add("Where", name + "_known", [graph.Add("IsNaN", name + "_missing", [feature]), zero, feature]);
    }

    private static string Share(GraphBuilder graph, string name, string raw, IEnumerable<long> targets, string zero, string usual)
    {
        string share = Columns(graph, name + "_share", raw, targets);
        return graph.Add("Mul", name, [graph.Add("Max", name + "_share_known", [share, zero]), usual]);
    }

    private static string Columns(GraphBuilder graph, string name, string from, IEnumerable<long> columns) =>
        graph.Add("Gather", name, [from, graph.Constant(name + "_columns", [.. columns])], GraphBuilder.Integer("axis", 1));
}
