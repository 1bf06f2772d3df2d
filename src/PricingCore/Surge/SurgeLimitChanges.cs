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

    /// <summary>The names of the limits in answers, in the order they apply.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["clip", "smoothing", "step", "hysteresis", "experiment", "rule_bounds", "emergency_cap"];

    /// <summary>What the limit at a place in <see cref="Names"/> changed, in steps.</summary>
    /// <param name="index">From 0 to 6.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not a place in <see cref="Names"/>.</exception>
    public int this[int index] => index switch
    {
        0 => Clip,
        1 => Smoothing,
        2 => Step,
        3 => Hysteresis,
        4 => Experiment,
        5 => RuleBounds,
        6 => EmergencyCap,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "A limit has an index from 0 to 6."),
    };

    /// <summary>Each limit's change with its name, in order, zeros included.</summary>
    public IEnumerable<(string Name, int Steps)> AsPairs()
    {
        for (int i = 0; i < Names.Count; i++)
        {
            yield return (Names[i], this[i]);
        }
    }
}
