using PricingCore.Events;

namespace PricingCore.Surge;

/// <summary>Is told of every decision that a loop makes, on the loop's thread.</summary>
internal interface IDecisionObserver
{
    /// <summary>A decision is about to be made, and the region's features are as it will see them.</summary>
    void Deciding(in AcceptedEvent request)
    {
    }

    /// <summary>A decision was asked for and none was made: the last one holds, or there is no rule.</summary>
    void NotMade()
    {
    }

    /// <summary>A decision was made.</summary>
    /// <param name="request">The record that asked for it.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="ordinal">Which decision of its loop it is, from 1, counted over restarts.</param>
    void Made(in AcceptedEvent request, SurgeDecision decision, long ordinal);
}
