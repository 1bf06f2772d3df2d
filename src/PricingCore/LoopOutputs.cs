using PricingCore.Events;

namespace PricingCore;

/// <summary>Where the loops' answers go, and where rule sets wait for them.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class LoopOutputs
{
    public required Waiters<DecisionAnswer> Decisions { get; init; }

    public required Waiters<Rejection> Publications { get; init; }

    public required PublishedRules Rules { get; init; }

    /// <summary>Told of each tagged event that a loop drops.</summary>
    public Action<int, Rejection>? OnDropped { get; init; }

    /// <summary>Told of each region in which a demand spike begins.</summary>
    public required Action<int> ReportSpike { get; init; }
}
