using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Client;

/// <summary>The latest price of each subscribed lane, and which of them the reader has not seen: as large as the list of lanes, however slow the reader.</summary>
/// <threadsafety>Any thread writes; one reads.</threadsafety>
internal sealed class PriceSubscription(IReadOnlyList<QuoteRequest> lanes)
{
    private readonly Lock _lock = new();
    private readonly PriceEntry?[] _latest = new PriceEntry?[lanes.Count];
    private readonly bool[] _isUnseen = new bool[lanes.Count];
    private readonly Queue<int> _unseen = new();
    private TaskCompletionSource? _waiting;

    /// <summary>What is subscribed to.</summary>
    public IReadOnlyList<QuoteRequest> Lanes => lanes;

    /// <summary>Takes a frame of changes.</summary>
    /// <returns><see langword="false"/> when it is not one.</returns>
    public bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (body.Length != header.Count * ChangeEntry.Size)
        {
            return false;
        }

        lock (_lock)
        {
            for (int i = 0; i < header.Count; i++)
            {
                ChangeEntry change = ChangeEntry.Read(body[(i * ChangeEntry.Size)..]);
                if (change.Lane < 0 || change.Lane >= _latest.Length || !RemoteQuote.IsLegal(change.Price))
                {
                    return false;
                }

                Put(change.Lane, change.Price);
            }
        }

        Wake();
        return true;
    }

    /// <summary>Lets the reader look up, because there is news or the connection has ended.</summary>
    public void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult();
    }

    /// <summary>Takes the next price that the reader has not seen.</summary>
    public bool TryNext(out PriceChange change)
    {
        lock (_lock)
        {
            if (!_unseen.TryDequeue(out int lane))
            {
                change = default;
                return false;
            }

            _isUnseen[lane] = false;
            change = new PriceChange(lane, new RemoteQuote(lanes[lane], _latest[lane]!.Value, details: null));
            return true;
        }
    }

    /// <summary>Whether there is a price that the reader has not seen.</summary>
    public bool HasUnseen
    {
        get
        {
            lock (_lock)
            {
                return _unseen.Count > 0;
            }
        }
    }

    /// <summary>Waits until there is something unseen, or until it is woken.</summary>
    /// <param name="isOver">Whether there is nothing more to wait for; asked under the lock, so that no wake-up is missed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_unseen.Count > 0 || isOver())
            {
                return Task.CompletedTask;
            }

            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task.WaitAsync(cancellationToken);
        }
    }

    private void Put(int lane, in PriceEntry price)
    {
        // After a reconnection the server sends every price again: one that the reader knows is no change.
        bool isKnown = _latest[lane] is { } last && last.MinorUnits == price.MinorUnits && last.MultiplierSteps == price.MultiplierSteps
            && last.PackedCurrency == price.PackedCurrency && last.Refusal == price.Refusal;
        _latest[lane] = price;
        if (!isKnown && !_isUnseen[lane])
        {
            _isUnseen[lane] = true;
            _unseen.Enqueue(lane);
        }
    }
}
