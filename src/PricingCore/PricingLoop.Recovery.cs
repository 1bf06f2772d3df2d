using PricingCore.Events;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Journal;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore;

/// <content>What a journal, a snapshot and an audit log need of a loop.</content>
internal sealed partial class PricingLoop
{
    /// <summary>Has the journal's word before anything is handled; null when there is no journal.</summary>
    public WriteAhead? WriteAhead
    {
        get => _input.WriteAhead;
        set => _input.WriteAhead = value;
    }

    /// <summary>Takes a copy of the loop's state at a tick that asks for it; null when nobody does.</summary>
    public Action<long>? TakeSnapshot { get; set; }

    /// <summary>Goes on with that copy, between two batches, until it says that it is done; null when none is being made.</summary>
    public Func<bool>? CopyMore { get; set; }

    /// <summary>Told of each decision; null when nobody is.</summary>
    public IDecisionObserver? Decided
    {
        get => _answers.Decided;
        set => _answers.Decided = value;
    }

    /// <summary>The plan of models that the loop follows.</summary>
    public RolloutPlan Plan => _forecasts.Plan;

    /// <summary>The rules that the loop prices by; null before there are any.</summary>
    public RuleSet? Rules => _decisions.Rules;

    /// <summary>The number of the record that is being handled, in the journal; 0 without one.</summary>
    public long CurrentSequence
    {
        get => WriteAhead?.SequenceOf(_current) ?? field;
        private set;
    }

    /// <summary>The time of the latest record.</summary>
    public long Now => _features.Now;

    /// <summary>Handles records from a journal, as they were handled when they were written. Before <see cref="Run"/>, on any one thread.</summary>
    public void Recover(ReadOnlySpan<AcceptedEvent> records, long firstSequence)
    {
        for (int i = 0; i < records.Length; i++)
        {
            if (i % LookAhead == 0)
            {
                foreach (ref readonly AcceptedEvent ahead in records.Slice(i, Math.Min(LookAhead, records.Length - i)))
                {
                    _touched ^= _features.TouchAhead(ahead);
                }
            }

            CurrentSequence = firstSequence + i;
            if ((records[i].Flags & AcceptedEventFlags.HasKey) != 0)
            {
                _ = _keys.TryReserve(); // The gate did, then.
            }

            Handle(records[i]);
        }

        Counters.LateEvents = _features.LateEvents;
    }

    /// <summary>Says who is told of forecasts that are made in the loop. Before <see cref="Run"/>.</summary>
    public void RecordInline(Action<AcceptedEvent>? record) => _forecasts.Inline.Record = record;
}
