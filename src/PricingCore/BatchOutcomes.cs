using System.Collections.Concurrent;
using PricingCore.Events;

namespace PricingCore;

/// <summary>Where loops say which events of a batch they drop: a record carries the batch's slot and its own place in it as a tag, and only what is dropped is told.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class BatchOutcomes
{
    /// <summary>The most events in a batch.</summary>
    public const int MaxEvents = 1 << PlaceBits;

    private const int PlaceBits = 12;
    private const int MaxBatches = 4_096;

    private readonly Memory<Rejection>[] _outcomes = new Memory<Rejection>[MaxBatches + 1];
    private readonly ConcurrentQueue<int> _free = new(Enumerable.Range(1, MaxBatches));

    /// <summary>Takes a slot for a batch.</summary>
    /// <param name="outcomes">Where to say what becomes of its events.</param>
    /// <param name="slot">The slot.</param>
    public bool TryBegin(Memory<Rejection> outcomes, out int slot)
    {
        if (!_free.TryDequeue(out slot))
        {
            return false;
        }

        _outcomes[slot] = outcomes; // The ring publishes it to the loops.
        return true;
    }

    /// <summary>The tag of an event; never 0.</summary>
    public static int TagOf(int slot, int place) => (slot << PlaceBits) | place;

    /// <summary>A loop has dropped an event. Before the loop answers the fence behind the batch.</summary>
    public void Drop(int tag, Rejection reason) => _outcomes[tag >> PlaceBits].Span[tag & (MaxEvents - 1)] = reason;

    /// <summary>Gives the slot back, once every loop has answered.</summary>
    public void End(int slot)
    {
        _outcomes[slot] = default;
        _free.Enqueue(slot);
    }
}
