using PricingCore.Events;

namespace PricingCore;

/// <content>Many events, one wait.</content>
public sealed partial class PricingEngine
{
    /// <summary>The most events that one call publishes: 4,096.</summary>
    public const int MaxEventsInBatch = BatchOutcomes.MaxEvents;

    /// <summary>Publishes events in their order and waits once, until all that were taken are in the features; with a durable journal, on disk before that.</summary>
    /// <remarks>Each event is taken or refused on its own. Costs about what <see cref="TryPublish(in MarketEvent)"/> costs for each, and one wait. All are entered before this returns.</remarks>
    /// <param name="events">At most <see cref="MaxEventsInBatch"/>; read only before this returns.</param>
    /// <param name="outcomes">As long as <paramref name="events"/>: what became of each, as <see cref="PublishAsync(MarketEvent, CancellationToken)"/> says it. Not to be used for anything else before this completes.</param>
    /// <exception cref="ArgumentException">There are too many events, or the lengths differ.</exception>
    public ValueTask PublishAsync(ReadOnlyMemory<MarketEvent> events, Memory<Rejection> outcomes)
    {
        if (events.Length > MaxEventsInBatch || events.Length != outcomes.Length)
        {
            throw new ArgumentException(
                $"{events.Length} events and {outcomes.Length} outcomes were given; there may be at most {MaxEventsInBatch} events, and as many outcomes.", nameof(events));
        }

        if (events.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        if (!_core.Batches.TryBegin(outcomes, out int slot))
        {
            outcomes.Span.Fill(Rejection.Busy);
            return ValueTask.CompletedTask;
        }

        if (_core.Requests.TryBeginFence() is not { } fence)
        {
            _core.Batches.End(slot);
            outcomes.Span.Fill(_core.Unavailable is var reason and not Rejection.None ? reason : Rejection.Busy);
            return ValueTask.CompletedTask;
        }

        EnterAll(events.Span, outcomes.Span, slot);
        return EndBatchAsync(fence, slot, outcomes);
    }

    private void EnterAll(ReadOnlySpan<MarketEvent> events, Span<Rejection> outcomes, int slot)
    {
        long now = Now;
        outcomes.Clear(); // Before the first is in a ring: a loop may drop it at once.
        for (int i = 0; i < events.Length; i++)
        {
            Rejection rejection = _core.Accept(events[i], now, out AcceptedEvent accepted);
            if (rejection == Rejection.None)
            {
                accepted.Receipt = BatchOutcomes.TagOf(slot, i);
                accepted.Flags |= AcceptedEventFlags.Tagged;
                rejection = _core.TryEnter(accepted) ? Rejection.None : _core.Withdraw(accepted);
            }

            if (rejection != Rejection.None)
            {
                outcomes[i] = rejection;
            }
        }
    }

    private async ValueTask EndBatchAsync(LoopFence fence, int slot, Memory<Rejection> outcomes)
    {
        while (!_core.Requests.TryEnter(fence))
        {
            await Task.Yield(); // A ring is full, which lasts as long as the loop needs for a batch.
        }

        if (!await fence.WaitAsync().ConfigureAwait(false))
        {
            // The loop ended before it had them: they may be in the journal, but nobody has said so.
            outcomes.Span.Replace(Rejection.None, Rejection.Stopped);
        }

        _core.Batches.End(slot);
    }
}
