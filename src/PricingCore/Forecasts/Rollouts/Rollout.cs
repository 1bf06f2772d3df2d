using PricingCore.Numerics;

namespace PricingCore.Forecasts.Rollouts;

/// <summary>How a model is to come into use: at once, for a share of the regions, step by step, or only on the side.</summary>
/// <remarks>
/// Which regions a share is made of follows from a hash of the region and the model's version: a region stays where it is while the share
/// stands, and stays with the candidate when the share grows. Another version draws other regions.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed record Rollout
{
    private Rollout(RolloutKind kind, IReadOnlyList<int> steps)
    {
        Kind = kind;
        StepPercents = steps;
    }

    /// <summary>At once, everywhere.</summary>
    public static Rollout Fixed { get; } = new(RolloutKind.Fixed, [100]);

    /// <summary>Predicts and is compared, but prices nothing.</summary>
    public static Rollout Shadow { get; } = new(RolloutKind.Shadow, [0]);

    /// <summary>10 %, then 50 %, then 100 % of the regions, ten minutes each, with the default guards.</summary>
    public static Rollout Canary { get; } = new(RolloutKind.Canary, [10, 50, 100]);

    /// <summary>How.</summary>
    public RolloutKind Kind { get; }

    /// <summary>The shares of the regions that the candidate prices, one step after the other, in percent: rising, 0 to 100.</summary>
    public IReadOnlyList<int> StepPercents { get; private init; }

    /// <summary>How long a step of a canary lasts at least.</summary>
    /// <value>From 1 second to 7 days; 10 minutes unless set.</value>
    public TimeSpan StepDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What makes a canary or an A/B split go back by itself.</summary>
    /// <value>The defaults of <see cref="RolloutGuards"/> unless set.</value>
    public RolloutGuards Guards { get; init; } = new();

    /// <summary>A split that stays until somebody ends it.</summary>
    /// <param name="candidatePercent">The candidate's share of the regions, 1 to 99 percent.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="candidatePercent"/> is outside 1 to 99.</exception>
    public static Rollout AB(int candidatePercent = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidatePercent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidatePercent, 99);
        return new Rollout(RolloutKind.AB, [candidatePercent]);
    }

    /// <summary>A canary with steps of one's own.</summary>
    /// <param name="percents">The shares, rising, from 1 to 100 percent, ending with 100.</param>
    /// <exception cref="ArgumentException"><paramref name="percents"/> does not rise to 100.</exception>
    public static Rollout CanaryOf(params ReadOnlySpan<int> percents)
    {
        int[] steps = percents.ToArray();
        bool isRising = steps.Length > 0 && steps[0] >= 1 && steps[^1] == 100;
        for (int i = 1; i < steps.Length; i++)
        {
            isRising &= steps[i] > steps[i - 1];
        }

        return isRising
            ? new Rollout(RolloutKind.Canary, steps)
            : throw new ArgumentException($"The steps of a canary rise from 1 or more to 100 percent, but were {string.Join(", ", steps)}.", nameof(percents));
    }

    /// <summary>Says what is wrong with durations and guards; null when nothing is.</summary>
    public string? FindError() =>
        StepDuration < TimeSpan.FromSeconds(1) || StepDuration > TimeSpan.FromDays(7)
            ? $"StepDuration is {StepDuration}; it must be from 1 second to 7 days."
            : Guards.FindError();

    /// <summary>The roll-out at a step, in plain values.</summary>
    internal RolloutNote ToNote(int step) => new(
        Kind, StepPercents, step, UnixMicros.From(StepDuration), Guards.MaxErrorRate, UnixMicros.From(Guards.MaxLatency), Guards.MaxPriceDrift, Guards.MinSamples);

    /// <summary>The roll-out of a note.</summary>
    internal static Rollout Of(RolloutNote note) => new(note.Kind, note.StepPercents)
    {
        StepDuration = TimeSpan.FromMicroseconds(note.StepMicros),
        Guards = new RolloutGuards
        {
            MaxErrorRate = note.MaxErrorRate,
            MaxLatency = TimeSpan.FromMicroseconds(note.MaxLatencyMicros),
            MaxPriceDrift = note.MaxPriceDrift,
            MinSamples = note.MinSamples,
        },
    };
}
