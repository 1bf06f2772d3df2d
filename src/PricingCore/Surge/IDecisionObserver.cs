using PricingCore.Events;

namespace PricingCore.Surge;

/// <summary>Is told of every decision that a loop makes, on the loop's thread.</summary>
internal interface IDecisionObserver
{
    /// <summary>A decision was made.</summary>
    /// <param name="request">The record that asked for it.</param>
    /// <param name="decision">What was decided.</param>
    /// <param name="ordinal">Which decision of its loop it is, from 1, counted over restarts.</param>
    void Made(in AcceptedEvent request, SurgeDecision decision, long ordinal);
}
