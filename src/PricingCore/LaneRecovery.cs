using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Rules;

namespace PricingCore;

/// <summary>Lets a loop handle a journal's records as it handled them when they were written.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class LaneRecovery(PricingLoop loop, EngineDirectories names, LoopOutputs outputs, DecisionComparison decisions)
{
    /// <summary>The last record that was handled.</summary>
    public long Sequence { get; set; }

    /// <summary>Records handled.</summary>
    public long Records { get; private set; }

    /// <summary>What the journal was written under, by the last note of it; null before.</summary>
    public EngineTerms? Terms { get; private set; }

    /// <summary>Rules in place of all those in the journal; null for the journal's.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>Told of each rule set before a decision follows it; null when nobody is.</summary>
    public Action<RuleSet>? OnRules { get; init; }

    /// <summary>Told of each booking that counts: not of one that was delivered twice, nor of another loop's; null when nobody is.</summary>
    public Action<AcceptedEvent>? OnBooking { get; init; }

    /// <summary>Names of regions, products and models that this lane's own journal, or the snapshot before it, has. Another lane's may have more.</summary>
    public (int Regions, int Products, int Models) Noted { get; set; }

    /// <summary>Handles the next block.</summary>
    /// <returns><see langword="false"/> at the end of the journal.</returns>
    /// <exception cref="JournalDamagedException">The journal is damaged, and not just at its end.</exception>
    /// <exception cref="JournalMismatchException">The journal does not fit the engine.</exception>
    public bool Step(JournalReader reader)
    {
        if (!reader.TryRead(out JournalBlock block))
        {
            return false;
        }

        Take(block);
        return true;
    }

    /// <summary>Handles a block.</summary>
    /// <exception cref="JournalMismatchException">The journal does not fit the engine.</exception>
    public void Take(in JournalBlock block)
    {
        if (block.IsNote)
        {
            Read(block);
            return;
        }

        int known = (int)Math.Clamp(Sequence + 1 - block.FirstSequence, 0, block.Records.Length);
        ReadOnlySpan<AcceptedEvent> records = block.Records[known..];
        if (records.Length > 0)
        {
            Recover(records);
            decisions.Confirm(records);
            Sequence += records.Length;
            Records += records.Length;
        }
    }

    private void Recover(ReadOnlySpan<AcceptedEvent> records)
    {
        int done = 0;
        for (int i = 0; OnBooking is not null && i < records.Length; i++)
        {
            if (records[i].Kind != MarketEventKind.Booking)
            {
                continue;
            }

            loop.Recover(records[done..i], Sequence + 1 + done);
            long applied = loop.Counters.Applied;
            loop.Recover(records.Slice(i, 1), Sequence + 1 + i); // Alone, so that the counter says what became of it.
            done = i + 1;
            if (loop.Counters.Applied > applied)
            {
                OnBooking(records[i]);
            }
        }

        loop.Recover(records[done..], Sequence + 1 + done);
    }

    private void Read(in JournalBlock block)
    {
        if (block.NoteKind == JournalNoteKind.Terms)
        {
            Terms = EngineTerms.Parse(block.Payload);
        }
        else
        {
            JournalNotes.Read(block.NoteKind, block.Payload, names, outputs, Rules, OnRules);
            Noted = JournalNotes.After(block.NoteKind, block.Payload, Noted);
        }
    }
}
