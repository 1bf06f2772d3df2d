using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Records, or a note, as they come out of a journal. Valid until the next is read.</summary>
internal readonly ref struct JournalBlock
{
    private JournalBlock(bool isNote, JournalNoteKind kind, ReadOnlySpan<byte> payload, long firstSequence, ReadOnlySpan<AcceptedEvent> records)
    {
        IsNote = isNote;
        NoteKind = kind;
        Payload = payload;
        FirstSequence = firstSequence;
        Records = records;
    }

    /// <summary>Whether it is a note.</summary>
    public bool IsNote { get; }

    /// <summary>What the note is about.</summary>
    public JournalNoteKind NoteKind { get; }

    /// <summary>The note's bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The sequence of the first record; of a note: of the next record.</summary>
    public long FirstSequence { get; }

    /// <summary>The records; none for a note.</summary>
    public ReadOnlySpan<AcceptedEvent> Records { get; }

    public static JournalBlock Note(JournalNoteKind kind, ReadOnlySpan<byte> payload, long nextSequence) => new(true, kind, payload, nextSequence, default);

    public static JournalBlock Of(ReadOnlySpan<AcceptedEvent> records, long firstSequence) => new(false, default, default, firstSequence, records);
}
