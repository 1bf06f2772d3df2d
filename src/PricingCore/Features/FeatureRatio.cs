namespace PricingCore.Features;

/// <summary>A feature that a host declares: one feature of the row relative to another, (above + prior) / (below + prior).</summary>
/// <remarks>
/// A tree splits on one feature at a time, so that it needs many splits to say "a third more than yesterday"; a ratio says it in one, and
/// holds as a market grows. Missing when one of the two is, or when the lower part is not above 0.
/// </remarks>
/// <param name="Above">A feature that stands before this one in the schema.</param>
/// <param name="Below">Likewise.</param>
/// <param name="Prior">Pulls the ratio of small numbers towards 1; from 0 to 1,000,000.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record FeatureRatio(string Above, string Below, float Prior = 0)
{
    private const float MaxPrior = 1_000_000;

    /// <summary>Says what is wrong with the declaration; null when nothing is.</summary>
    /// <param name="known">The features that stand before it.</param>
    internal string? FindError(IReadOnlyDictionary<string, int> known) =>
        !known.ContainsKey(Above) ? $"'{Above}' is no feature that stands before it in the schema."
        : !known.ContainsKey(Below) ? $"'{Below}' is no feature that stands before it in the schema."
        : Prior is >= 0 and <= MaxPrior ? null
        : $"prior is {Prior}; it must be from 0 to {MaxPrior}.";
}
