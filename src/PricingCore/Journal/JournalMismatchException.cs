namespace PricingCore.Journal;

/// <summary>A journal does not fit the engine that is to go on with it; the message says what differs and what to do.</summary>
public sealed class JournalMismatchException : Exception
{
    /// <summary>Says what differs.</summary>
    /// <param name="message">What differs, and what to do.</param>
    public JournalMismatchException(string message)
        : base(message)
    {
    }
}
