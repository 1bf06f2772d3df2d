namespace PricingCore.AspNetCore.Binary;

/// <summary>What the client of a connection may do.</summary>
/// <remarks>Derive from it to limit rates. One caller serves one connection; the connection calls it from one thread at a time.</remarks>
/// <threadsafety>Members are called by one thread at a time.</threadsafety>
public class BinaryCaller
{
    /// <summary>Makes a caller.</summary>
    /// <param name="mayQuote">Whether it may ask for quotes and subscribe to prices.</param>
    /// <param name="mayPublish">Whether it may publish events.</param>
    public BinaryCaller(bool mayQuote, bool mayPublish) => (MayQuote, MayPublish) = (mayQuote, mayPublish);

    /// <summary>Whether it may ask for quotes and subscribe to prices.</summary>
    public bool MayQuote { get; }

    /// <summary>Whether it may publish events.</summary>
    public bool MayPublish { get; }

    /// <summary>Until when: later requests are refused.</summary>
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Takes as many requests out of the caller's allowance.</summary>
    /// <param name="requests">Quotes or events in a frame; 1 or more.</param>
    /// <param name="retryAfter">How long to wait before trying again, when there were not so many.</param>
    /// <returns><see langword="false"/> when the allowance is used up: the frame is refused whole.</returns>
    public virtual bool TryTake(int requests, out TimeSpan retryAfter)
    {
        retryAfter = default;
        return true;
    }
}
