using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>Puts a live loop's decisions into its journal.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class DecisionOutlet(JournalLane lane) : IDecisionObserver
{
    private readonly DecisionRecord _record = new();

    /// <inheritdoc/>
    public void Made(in AcceptedEvent request, SurgeDecision decision, long ordinal)
    {
        AcceptedEvent record = _record.Of(request, decision, ordinal);
        lane.Put(new ReadOnlySpan<AcceptedEvent>(in record));
    }
}
