using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Ring;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>The stages that a loop runs.</summary>
internal readonly struct LoopParts
{
    public required EventRing<AcceptedEvent> Ring { get; init; }

    public required IdleWait Idle { get; init; }

    public required IdempotencyKeys Keys { get; init; }

    public required RegionStates States { get; init; }

    public required FeatureStore Features { get; init; }

    public required FeatureReader Reader { get; init; }

    public required SupplyTracker Supply { get; init; }

    public required NeighbourExchange Neighbours { get; init; }

    public required OutdatedRows Outdated { get; init; }

    public required ForecastDesk Forecasts { get; init; }

    public required PendingRequests Pending { get; init; }

    /// <summary>Asks to be told, by a record, when so many microseconds have passed.</summary>
    public required Action<long> ArmDeadline { get; init; }

    public required RedemptionTable Redemptions { get; init; }

    public required DecisionMaker Decisions { get; init; }

    /// <summary>Measures data quality; null when nobody does. Must change nothing that the loop reads.</summary>
    public IRowListener? Watch { get; init; }

    public required int DirtyAfterEvents { get; init; }
}
