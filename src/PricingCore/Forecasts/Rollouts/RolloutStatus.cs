namespace PricingCore.Forecasts.Rollouts;

/// <summary>Which models price, and how a roll-out goes.</summary>
/// <threadsafety>Immutable: a picture of one moment.</threadsafety>
public sealed record RolloutStatus
{
    /// <summary>The running model; null when the baseline prices.</summary>
    public string? StableVersion { get; init; }

    /// <summary>The model that is being rolled out; null when none is.</summary>
    public string? CandidateVersion { get; init; }

    /// <summary>What a rollback returns to when nothing is being rolled out; null for the baseline.</summary>
    public string? PreviousVersion { get; init; }

    /// <summary>How the candidate comes into use; null when none does.</summary>
    public RolloutKind? Kind { get; init; }

    /// <summary>The candidate's share of the regions, 0 to 100 percent.</summary>
    public int CandidatePercent { get; init; }

    /// <summary>The candidate's requests in this step.</summary>
    public long CandidateRequests { get; init; }

    /// <summary>The share of them without a valid forecast, 0 to 1.</summary>
    public double CandidateErrorRate { get; init; }

    /// <summary>The time that 99 % of them kept within; up to 1.42 times too high.</summary>
    public TimeSpan CandidateLatency99 { get; init; }

    /// <summary>The candidate's prices against the running model's, since the roll-out began; null when they are not compared.</summary>
    public PriceDifferenceReport? Prices { get; init; }

    /// <summary>Why the last roll-out went back; null when it did not.</summary>
    public string? RollbackReason { get; init; }
}
