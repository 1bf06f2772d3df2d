using System.Numerics;
using PricingCore.Features;

namespace PricingCore.Quality;

/// <summary>Which features of a row are there, as bits; and the share of those there that were ever there.</summary>
/// <remarks>
/// Left out are features that a quiet market makes missing, which is no fault of data: ratios, since there is nothing to divide by, and the mean, least
/// and largest value of an empty window. What was never there, as weather where nobody sends any, is not counted either.
/// </remarks>
internal static class RowPresence
{
    private const int BitsAWord = 64;

    /// <summary>The features of a schema that count.</summary>
    public static ulong[] JudgedOf(FeatureSchema schema)
    {
        var judged = new ulong[(schema.Count + BitsAWord - 1) / BitsAWord];
        for (int i = 0; i < schema.Count; i++)
        {
            if (Counts(schema.Features[i]))
            {
                judged[i / BitsAWord] |= 1UL << (i % BitsAWord);
            }
        }

        return judged;
    }

    /// <summary>Takes notice of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="judged">The features that count.</param>
    /// <param name="ever">Those that were ever there; gets those that are.</param>
    /// <returns>From 0 to 1; not a number when none was ever there.</returns>
    public static float Share(ReadOnlySpan<float> row, ReadOnlySpan<ulong> judged, Span<ulong> ever)
    {
        int there = 0;
        int expected = 0;
        for (int word = 0; word < ever.Length; word++)
        {
            ulong present = 0;
            ReadOnlySpan<float> part = row[(word * BitsAWord)..Math.Min(row.Length, (word + 1) * BitsAWord)];
            for (int i = 0; i < part.Length; i++)
            {
                present |= float.IsNaN(part[i]) ? 0 : 1UL << i;
            }

            present &= judged[word];
            ever[word] |= present;
            there += BitOperations.PopCount(present);
            expected += BitOperations.PopCount(ever[word]);
        }

        return expected == 0 ? float.NaN : (float)there / expected;
    }

    private static bool Counts(FeatureDefinition feature) =>
        feature.Ratio is null
        && (feature.Windowed is { } window
            ? window.Aggregate is not (EventAggregate.Mean or EventAggregate.Min or EventAggregate.Max)
            : feature.BuiltIn is not (BuiltInFeature.ConversionRate15Min or BuiltInFeature.SupplyDemandRatio or BuiltInFeature.SeasonalityScore
                or BuiltInFeature.NeighbourSupplyDemandRatio or BuiltInFeature.DemandCorrection));
}
