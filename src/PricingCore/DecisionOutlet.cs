using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>Puts a live loop's decisions into its journal, and passes them on.</summary>
/// <param name="lane">The journal.</param>
/// <param name="next">Another who is told; null when nobody is.</param>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class DecisionOutlet(JournalLane lane, IDecisionObserver? next) : IDecisionObserver
{
    private readonly JournalledDecision _record = new();

    /// <inheritdoc/>
    public void Deciding(in AcceptedEvent request) => next?.Deciding(request);

    /// <inheritdoc/>
    public void Made(in AcceptedEvent request, SurgeDecision decision, long ordinal)
    {
        AcceptedEvent record = _record.Of(request, decision, ordinal);
        lane.Put(new ReadOnlySpan<AcceptedEvent>(in record));
        next?.Made(request, decision, ordinal);
    }

    /// <inheritdoc/>
    public void NotMade() => next?.NotMade();
}
