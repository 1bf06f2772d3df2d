namespace PricingCore;

/// <summary>What an engine has found when it started from a journal.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record RecoveryReport
{
    /// <summary>There was no journal.</summary>
    public static RecoveryReport Nothing { get; } = new();

    /// <summary>Records of the journal that were handled again.</summary>
    public long Records { get; init; }

    /// <summary>The number of the snapshot that the start began with; null when there was none.</summary>
    public long? Snapshot { get; init; }

    /// <summary>Decisions made again that the journal confirms.</summary>
    public long DecisionsConfirmed { get; init; }

    /// <summary>Bytes cut off the ends of journals: groups that the end of the process left unfinished. Nothing in them was acknowledged by a durable engine.</summary>
    public long BytesCut { get; init; }

    /// <summary>The first decision that came out otherwise than the journal says; null, as it must be, when all are the same.</summary>
    public string? Difference { get; init; }

    internal static RecoveryReport Of(LaneRecovery[] recoveries, DecisionComparison[] comparisons, long bytesCut) => new()
    {
        Records = recoveries.Sum(recovery => recovery.Records),
        DecisionsConfirmed = comparisons.Sum(comparison => comparison.Confirmed),
        BytesCut = bytesCut,
        Difference = comparisons.Select(comparison => comparison.FirstDifference).FirstOrDefault(difference => difference is not null)?.ToString(),
    };
}
