namespace PricingCore.Explanations;

/// <summary>A decision made once more from what was recorded, and compared with the record.</summary>
/// <param name="Differences">What came out otherwise; empty when all is the same, byte for byte.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record Recomputation(IReadOnlyList<RecomputedDifference> Differences)
{
    /// <summary>Whether everything came out as recorded.</summary>
    public bool Agrees => Differences.Count == 0;
}
