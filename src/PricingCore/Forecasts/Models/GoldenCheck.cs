using System.Globalization;

namespace PricingCore.Forecasts.Models;

/// <summary>Compares what a graph answers to golden rows with what the trainer answered, bit for bit.</summary>
internal static class GoldenCheck
{
    private const int RowsAlone = 64; // Also evaluated one by one: an answer may not depend on the other rows of its batch.

    private static readonly string[] Columns = ["demand_score", "confidence", "expected_demand", "low", "high"];

    /// <summary>Says where the graph first differs, and on how many rows; <see langword="null"/> when it does not.</summary>
    /// <param name="graph">The graph; its counts are those of the golden rows.</param>
    /// <param name="golden">The golden rows.</param>
    /// <param name="horizonsMinutes">The horizons, to name them.</param>
    public static string? FindDifference(IModelGraph graph, GoldenRows golden, IReadOnlyList<int> horizonsMinutes)
    {
        float[] answers = new float[golden.Count * IModelGraph.AnswerWidth];
        for (int horizon = 0; horizon < golden.HorizonCount; horizon++)
        {
            graph.Evaluate(golden.Rows, golden.Count, horizon, answers);
            if (Compare(answers, golden, horizon, golden.Count) is { } together)
            {
                return $"{together} (horizon {horizonsMinutes[horizon]} min)";
            }

            int alone = Math.Min(RowsAlone, golden.Count);
            for (int row = 0; row < alone; row++)
            {
                graph.Evaluate(
                    golden.Rows.AsSpan(row * golden.FeatureCount, golden.FeatureCount), 1, horizon,
                    answers.AsSpan(row * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth));
            }

            if (Compare(answers, golden, horizon, alone) is { } single)
            {
                return $"evaluated alone, {single} (horizon {horizonsMinutes[horizon]} min): an answer depends on the other rows of its batch";
            }
        }

        return null;
    }

    private static string? Compare(ReadOnlySpan<float> answers, GoldenRows golden, int horizon, int rows)
    {
        string? first = null;
        int different = 0;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> expected = golden.Answers.AsSpan(
                (row * golden.AnswerWidth) + (horizon * IModelGraph.AnswerWidth), IModelGraph.AnswerWidth);
            ReadOnlySpan<float> found = answers.Slice(row * IModelGraph.AnswerWidth, IModelGraph.AnswerWidth);
            for (int column = 0; column < IModelGraph.AnswerWidth; column++)
            {
                if (AreSame(found[column], expected[column]))
                {
                    continue;
                }

                first ??= string.Create(
                    CultureInfo.InvariantCulture,
                    $"row {row}: {Columns[column]} is {found[column]:R}, but the trainer says {expected[column]:R}");
                different++;
                break;
            }
        }

        return first is null ? null : $"{first}; {different} of {rows} rows differ";
    }

    // Which of the many NaNs comes out is not part of the arithmetic's standard.
    private static bool AreSame(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}
