using System.Globalization;
using PricingCore.Forecasts.Models;
using PricingCore.Numerics;

namespace PricingCore.Forecasts.Trees;

/// <summary>Compares a compiled kernel with another evaluation of the same graph, bit for bit, on rows that are made to find a difference.</summary>
internal static class KernelCheck
{
    /// <summary>Rows of a check: some ten milliseconds in ONNX Runtime for each horizon of a model of 100 trees.</summary>
    public const int DefaultRows = 2_048;

    private static readonly int[] BatchSizes = [1, 2, 5, 8, 16, 31, 33, 160]; // Each way of walking trees takes its turn.

    /// <summary>Compares a kernel with a reference on random rows that depend on the file alone.</summary>
    /// <param name="graph">The ONNX file of both.</param>
    /// <param name="compiled">The kernel.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <returns>Where they first differ; <see langword="null"/> when they do not.</returns>
    /// <exception cref="GraphRefusedException">The file is not one that a kernel is made of.</exception>
    public static string? FindDifference(ReadOnlySpan<byte> graph, IModelGraph compiled, IModelGraph reference) =>
        FindDifference(compiled, reference, CheckRows.Make(TreeKernel.ReadTrees(graph), SipHash.Public.Hash64(graph), DefaultRows));

    /// <summary>Compares two evaluations on given rows: the first in batches of many sizes, the second in one.</summary>
    /// <param name="compiled">The one that is checked.</param>
    /// <param name="reference">What it is compared with.</param>
    /// <param name="rows">Rows one after the other.</param>
    /// <returns>Where they first differ; <see langword="null"/> when they do not.</returns>
    public static string? FindDifference(IModelGraph compiled, IModelGraph reference, ReadOnlySpan<float> rows)
    {
        int features = compiled.FeatureCount;
        int count = rows.Length / features;
        if (reference.FeatureCount != features || reference.HorizonCount != compiled.HorizonCount)
        {
            return $"one has {features} features and {compiled.HorizonCount} horizons, the other {reference.FeatureCount} and {reference.HorizonCount}";
        }

        float[] found = new float[count * IModelGraph.AnswerWidth];
        float[] expected = new float[found.Length];
        for (int horizon = 0; horizon < compiled.HorizonCount; horizon++)
        {
            reference.Evaluate(rows, count, horizon, expected);
            for (int from = 0, size = 0; from < count; size++)
            {
                int batch = Math.Min(BatchSizes[size % BatchSizes.Length], count - from);
                compiled.Evaluate(rows.Slice(from * features, batch * features), batch, horizon, found.AsSpan(from * IModelGraph.AnswerWidth));
                from += batch;
            }

            if (FirstDifference(found, expected) is { } at)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"horizon {horizon}, random row {at / IModelGraph.AnswerWidth}, column {at % IModelGraph.AnswerWidth}: {found[at]:R} and {expected[at]:R}");
            }
        }

        return null;
    }

    private static int? FirstDifference(float[] found, float[] expected)
    {
        for (int i = 0; i < found.Length; i++)
        {
            // Which of the many NaNs comes out is not part of the arithmetic's standard.
            bool same = BitConverter.SingleToInt32Bits(found[i]) == BitConverter.SingleToInt32Bits(expected[i])
                || (float.IsNaN(found[i]) && float.IsNaN(expected[i]));
            if (!same)
            {
                return i;
            }
        }

        return null;
    }
}
