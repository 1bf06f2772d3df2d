using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Knows what the numbers in records stand for: a journal notes it before the first record that uses it.</summary>
/// <threadsafety>One thread: the lane's journal thread.</threadsafety>
internal interface INoteSource
{
    /// <summary>Writes what a reader must know before it reads the first of these records, and those after it that need no more.</summary>
    /// <remarks>Directly before the record that needs it, so that a reader which begins with that record, as one behind a snapshot does, has it.</remarks>
    /// <returns>How many records may follow at once: up to the next that needs a note of its own; 1 or more.</returns>
    int WriteBefore(ReadOnlySpan<AcceptedEvent> records, JournalWriter writer);
}
