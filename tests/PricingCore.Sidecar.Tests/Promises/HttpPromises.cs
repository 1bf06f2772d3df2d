namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>What the service has acknowledged over HTTP in all its lives, and so what it must know in the next.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class HttpPromises
{
    private const int EventsToAskAgain = 1_000;
    private const int QuotesToAskAgain = 20;

    private readonly Lock _lock = new();
    private readonly Queue<string> _events = new();
    private readonly HashSet<string> _doubts = new(StringComparer.Ordinal);
    private readonly Queue<ServedQuote> _explained = new();
    private readonly Queue<ServedQuote> _decided = new();
    private readonly Queue<RedeemedQuote> _redeemed = new();
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _eventsToCome;
    private long _redemptionsToCome;

    /// <summary>Different events that were acknowledged: exactly as many must have been applied.</summary>
    public long Events { get; private set; }

    /// <summary>Quotes that were answered.</summary>
    public long Quotes { get; private set; }

    /// <summary>Redemptions that were answered.</summary>
    public long Redemptions { get; private set; }

    /// <summary>The newest acknowledged events.</summary>
    public string[] EventsAgain => Copy(_events);

    /// <summary>Events that were sent and not answered: they may be in or not, as a whole each.</summary>
    public string[] Doubts => Copy(_doubts);

    /// <summary>Quotes that the audit log has answered for.</summary>
    public ServedQuote[] Explained => Copy(_explained);

    /// <summary>Quotes, whose decisions must be in the audit log.</summary>
    public ServedQuote[] Decided => Copy(_decided);

    /// <summary>Redemptions.</summary>
    public RedeemedQuote[] Redeemed => Copy(_redeemed);

    /// <summary>Completes when so much more was answered.</summary>
    public Task UntilAnsweredAsync(int events, int redemptions)
    {
        lock (_lock)
        {
            _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _eventsToCome = Events + events;
            _redemptionsToCome = Redemptions + redemptions;
            return _answered.Task;
        }
    }

    /// <summary>Says that events are about to be sent.</summary>
    public void Send(IEnumerable<string> keys)
    {
        lock (_lock)
        {
            _doubts.UnionWith(keys);
        }
    }

    /// <summary>Says that an event was answered: taken now or before.</summary>
    public void Acknowledge(string key)
    {
        lock (_lock)
        {
            if (_doubts.Remove(key))
            {
                Events++;
                Keep(_events, key, EventsToAskAgain);
                CompleteIfAnswered();
            }
        }
    }

    /// <summary>Says that a price was answered.</summary>
    public void Serve(in ServedQuote quote)
    {
        lock (_lock)
        {
            Quotes++;
            Keep(_decided, quote, QuotesToAskAgain);
        }
    }

    /// <summary>Says that a price was explained: from then on its record is safe.</summary>
    public void Explain(in ServedQuote quote)
    {
        lock (_lock)
        {
            Keep(_explained, quote, QuotesToAskAgain);
        }
    }

    /// <summary>Says that a redemption was answered.</summary>
    public void Redeem(in RedeemedQuote quote)
    {
        lock (_lock)
        {
            Redemptions++;
            Keep(_redeemed, quote, QuotesToAskAgain);
            CompleteIfAnswered();
        }
    }

    private static void Keep<T>(Queue<T> queue, T what, int most)
    {
        queue.Enqueue(what);
        if (queue.Count > most)
        {
            queue.Dequeue();
        }
    }

    private void CompleteIfAnswered()
    {
        if (Events >= _eventsToCome && Redemptions >= _redemptionsToCome)
        {
            _answered.TrySetResult();
        }
    }

    private T[] Copy<T>(IEnumerable<T> of)
    {
        lock (_lock)
        {
            return [.. of];
        }
    }
}

/// <summary>A price that was answered.</summary>
/// <param name="RequestId">For which request.</param>
/// <param name="DecisionId">By which decision.</param>
/// <param name="Price">The price, as it was written.</param>
/// <param name="Multiplier">The multiplier, as it was written.</param>
internal readonly record struct ServedQuote(string RequestId, string DecisionId, string Price, string Multiplier);

/// <summary>A price that was charged.</summary>
/// <param name="Token">The signed quote.</param>
/// <param name="RedemptionId">By whom.</param>
/// <param name="Price">The price, as it was written.</param>
internal readonly record struct RedeemedQuote(string Token, string RedemptionId, string Price);
