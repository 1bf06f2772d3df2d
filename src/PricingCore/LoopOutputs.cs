using PricingCore.Events;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Rules;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>Where the loops' answers go, and where rule sets and plans wait for them.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class LoopOutputs
{
    public required Waiters<DecisionAnswer> Decisions { get; init; }

    public required Waiters<Rejection> Publications { get; init; }

    /// <summary>Rule sets and plans. Places of their own: an operator must be able to roll back while events take all of theirs.</summary>
    public required Waiters<Rejection> HandOvers { get; init; }

    public required Waiters<ForecastAnswer> Forecasts { get; init; }

    public required Waiters<RedemptionAnswer> Redemptions { get; init; }

    public required InTransit<RuleSet> Rules { get; init; }

    public required InTransit<DeployedPlan> Plans { get; init; }

    /// <summary>Told of each tagged event that a loop drops.</summary>
    public Action<int, Rejection>? OnDropped { get; init; }

    /// <summary>Told of each demand spike as it begins.</summary>
    public required Action<DemandSpike> ReportSpike { get; init; }

    /// <summary>Told of each decision, once the engine runs.</summary>
    public DecisionFeed Feed { get; } = new();

    /// <summary>Answers everybody who still waits, and lets nobody in any more.</summary>
    public void Close()
    {
        Decisions.Close();
        Forecasts.Close();
        Publications.Close();
        HandOvers.Close();
        Redemptions.Close();
    }
}
