namespace PricingCore.Surge;

/// <summary>How much each limit changed the multiplier, in steps of 1/10,000, in the order they apply; 0 where it did not bind.</summary>
/// <param name="Clip">The formula's own clip to the rule's least and largest multiplier.</param>
/// <param name="Smoothing">The pull towards the neighbours' mean.</param>
/// <param name="Step">The largest change a minute.</param>
/// <param name="Hysteresis">Small changes that were not followed.</param>
/// <param name="Experiment">The experiment arm of the region.</param>
/// <param name="RuleBounds">The rule's least and largest multiplier, after everything above.</param>
/// <param name="EmergencyCap">The emergency cap.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct SurgeLimitChanges(
    int Clip, int Smoothing, int Step, int Hysteresis, int Experiment, int RuleBounds, int EmergencyCap)
{
    /// <summary>All of them together, in steps.</summary>
    public int Sum => Clip + Smoothing + Step + Hysteresis + Experiment + RuleBounds + EmergencyCap;
}
