namespace PricingCore.Forecasts.Rollouts;

/// <summary>What makes a candidate go back by itself, judged at every tick over the current step.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record RolloutGuards
{
    /// <summary>The largest share of the candidate's requests that may be without a valid forecast.</summary>
    /// <value>From 0 to 1; 0.01 unless set.</value>
    public double MaxErrorRate { get; init; } = 0.01;

    /// <summary>The time within which 99 % of the candidate's forecasts must come.</summary>
    /// <value>From 100 microseconds to 10 seconds; 20 milliseconds unless set.</value>
    public TimeSpan MaxLatency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How far the candidate's multipliers may be from those that the running model would have given: the mean of the absolute difference as a share of the latter.
    /// </summary>
    /// <value>From 0 to 10; 0.1 unless set.</value>
    public double MaxPriceDrift { get; init; } = 0.1;

    /// <summary>Requests, and compared decisions, below which a guard does not judge and a step does not end.</summary>
    /// <value>From 1 to 1,000,000,000; 100 unless set.</value>
    public int MinSamples { get; init; } = 100;

    /// <summary>Says what is wrong; null when nothing is.</summary>
    public string? FindError() =>
        MaxErrorRate is not (>= 0 and <= 1) ? $"MaxErrorRate is {MaxErrorRate}; it must be from 0 to 1."
        : MaxLatency < TimeSpan.FromMicroseconds(100) || MaxLatency > TimeSpan.FromSeconds(10) ? $"MaxLatency is {MaxLatency}; it must be from 100 microseconds to 10 seconds."
        : MaxPriceDrift is not (>= 0 and <= 10) ? $"MaxPriceDrift is {MaxPriceDrift}; it must be from 0 to 10."
        : MinSamples is < 1 or > 1_000_000_000 ? $"MinSamples is {MinSamples}; it must be from 1 to 1,000,000,000."
        : null;
}
