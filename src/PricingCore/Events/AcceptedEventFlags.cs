namespace PricingCore.Events;

/// <summary>What the loop has to know of a record besides its kind.</summary>
[Flags]
internal enum AcceptedEventFlags : byte
{
    None = 0,

    /// <summary>The record has an idempotency key.</summary>
    HasKey = 1,

    /// <summary>A copy for a shard that does not hold the region, so that a unit leaves its old region there.</summary>
    Foreign = 2,

    /// <summary>The decision is to be made anew even if a valid one is in the book.</summary>
    Afresh = 4,

    /// <summary>The features are wanted with the decision.</summary>
    WithFeatures = 8,

    /// <summary>The receipt is a replay's tag, not a waiter.</summary>
    Tagged = 16,

    /// <summary>The forecast is the inference thread's, not a host's.</summary>
    Inferred = 32,

    /// <summary>Only the features are wanted: no decision is made, and nothing about the region changes.</summary>
    FeaturesOnly = 64,

    /// <summary>The tick is also where a snapshot is taken: the cut is the same in every loop, since all ticks come from one source.</summary>
    TakesSnapshot = 128,
}
