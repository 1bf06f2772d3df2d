using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Knows what the numbers in records stand for: a journal notes it before the first record that uses it.</summary>
/// <threadsafety>One thread: the lane's journal thread.</threadsafety>
internal interface INoteSource
{
    /// <summary>Writes what a reader must know before it reads these records.</summary>
    void WriteBefore(ReadOnlySpan<AcceptedEvent> records, JournalWriter writer);
}
