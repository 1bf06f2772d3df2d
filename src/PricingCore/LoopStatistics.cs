namespace PricingCore;

/// <summary>How a loop stands: what waits for it, and how far it is behind.</summary>
/// <threadsafety>Immutable: a picture of one moment.</threadsafety>
public sealed record LoopStatistics
{
    /// <summary>Records in the ring that the loop has not finished.</summary>
    public int RingDepth { get; init; }

    /// <summary>Records that the ring holds.</summary>
    public int RingCapacity { get; init; }

    /// <summary>The age of what the loop handled last, while something waits; zero when nothing does. After a quiet time up to one tick too long.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>The age of the last tick that the loop has handled; null before the first.</summary>
    public TimeSpan? TickAge { get; init; }

    /// <summary>Records that wait to be written to the journal.</summary>
    public int JournalWaiting { get; init; }

    /// <summary>Whether a model has missed so often that it is not asked for a while: the baseline stands in.</summary>
    public bool IsModelPaused { get; init; }
}
