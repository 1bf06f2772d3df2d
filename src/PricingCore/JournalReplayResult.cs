using PricingCore.Rules;

namespace PricingCore;

/// <summary>What a replay of a journal has come to.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed record JournalReplayResult
{
    /// <summary>Records handled.</summary>
    public long Records { get; init; }

    /// <summary>Decisions made.</summary>
    public long Decisions { get; init; }

    /// <summary>Decisions that are, byte for byte, those of the journal.</summary>
    public long Confirmed { get; init; }

    /// <summary>Decisions that the journal does not have: it ends before them.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>The first decision that differs from the journal's; null when none does.</summary>
    public string? FirstDifference { get; init; }

    /// <summary>Why the journal ends before its files do: a torn end, or damage; null when it is whole.</summary>
    public string? TornAt { get; init; }

    /// <summary>The time of the last record.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>What the loops have counted.</summary>
    public EngineStatistics Statistics { get; init; } = new();

    /// <summary>The rules in force at the end; null when there were none.</summary>
    internal RuleSet? Rules { get; init; }
}
