using PricingCore.Events;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>Compares the decisions that a loop makes from a journal with those that the journal says were made.</summary>
/// <threadsafety>One thread.</threadsafety>
/// <param name="lane">The number of the loop.</param>
/// <param name="onDecision">Told of each decision; null when nobody is.</param>
/// <param name="next">Another who is told; null when nobody is.</param>
internal sealed class DecisionComparison(int lane, Action<SurgeDecision>? onDecision, IDecisionObserver? next = null) : IDecisionObserver
{
    private readonly JournalledDecision _record = new();
    private readonly Queue<(AcceptedEvent Record, SurgeDecision Decision)> _unconfirmed = new();
    private readonly Queue<AcceptedEvent> _expected = new();
    private long _before;

    /// <summary>Decisions made.</summary>
    public long Made { get; private set; }

    /// <summary>Decisions that the journal confirms.</summary>
    public long Confirmed { get; private set; }

    /// <summary>The first decision that is not as the journal has it; null when there is none.</summary>
    public DecisionDifference? FirstDifference { get; private set; }

    /// <summary>Decisions that the journal does not have yet: it ended before they were written.</summary>
    public IEnumerable<AcceptedEvent> Unconfirmed => _unconfirmed.Select(made => made.Record);

    /// <summary>Leaves out what was decided before the state that the loop begins with.</summary>
    public void StartAfter(long ordinal) => _before = ordinal;

    /// <inheritdoc/>
    void IDecisionObserver.Made(in AcceptedEvent request, SurgeDecision decision, long ordinal)
    {
        Made++;
        AcceptedEvent record = _record.Of(request, decision, ordinal);
        if (_expected.TryDequeue(out AcceptedEvent journalled))
        {
            Compare(record, decision, journalled);
        }
        else
        {
            _unconfirmed.Enqueue((record, decision));
        }

        onDecision?.Invoke(decision);
        next?.Made(request, decision, ordinal);
    }

    /// <inheritdoc/>
    void IDecisionObserver.Deciding(in AcceptedEvent request) => next?.Deciding(request);

    /// <summary>Takes in the decisions among records that the loop has handled.</summary>
    public void Confirm(ReadOnlySpan<AcceptedEvent> handled)
    {
        foreach (ref readonly AcceptedEvent e in handled)
        {
            if (e.Kind != MarketEventKind.DecisionMade || unchecked((int)(e.KeyHigh - (uint)_before)) <= 0)
            {
                continue;
            }

            if (_unconfirmed.TryDequeue(out (AcceptedEvent Record, SurgeDecision Decision) made))
            {
                Compare(made.Record, made.Decision, e);
            }
            else
            {
                _expected.Enqueue(e); // Of a replay of events, which writes what it has decided before what was asked.
            }
        }
    }

    private void Compare(in AcceptedEvent made, SurgeDecision decision, in AcceptedEvent journalled)
    {
        bool isSame = made.KeyHigh == journalled.KeyHigh
            && made.Subject == journalled.Subject
            && made.KeyLow == journalled.KeyLow
            && made.FirstBits == journalled.FirstBits
            && made.SecondBits == journalled.SecondBits;
        if (isSame)
        {
            Confirmed++;
        }
        else
        {
            FirstDifference ??= new DecisionDifference(lane, journalled.KeyHigh, new DecisionId(journalled.Subject, journalled.KeyLow), decision);
        }
    }
}

/// <summary>A decision that a replay makes otherwise than the journal says.</summary>
/// <param name="Lane">The loop.</param>
/// <param name="Ordinal">Which of the loop's decisions it is, from 1.</param>
/// <param name="Journalled">The id in the journal.</param>
/// <param name="Decision">What the replay decides.</param>
internal sealed record DecisionDifference(int Lane, long Ordinal, DecisionId Journalled, SurgeDecision Decision)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"decision {Ordinal} of loop {Lane}: the journal has {Journalled}, the replay {Decision.Id} ({Decision.RegionId}, {Decision.ProductType}, {Decision.Outcome.Multiplier}) with {(Journalled == Decision.Id ? "other contents" : "another id")}");
}
