using System.Collections.Concurrent;
using PricingCore.Events;

namespace PricingCore.AspNetCore.Events;

/// <summary>Events that are published together, and what became of each. Used again, so that a stream of events allocates none of it.</summary>
/// <threadsafety>One request at a time; <see cref="Rent"/> and <see cref="Return"/> any thread.</threadsafety>
internal sealed class EventChunk
{
    /// <summary>Events in a chunk: large enough that the wait for the disk costs little, small enough to stay in the cache.</summary>
    public const int Capacity = 1_024;

    private const int MostKept = 64;

    private static readonly ConcurrentQueue<EventChunk> Free = new();

    private readonly MarketEvent[] _events = new MarketEvent[Capacity];
    private readonly Rejection[] _outcomes = new Rejection[Capacity];
    private readonly int[] _indexes = new int[Capacity];

    /// <summary>Events in it.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no room for another.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>What became of the events, once they are published.</summary>
    public ReadOnlySpan<Rejection> Outcomes => _outcomes.AsSpan(0, Count);

    /// <summary>Which items of the request they are.</summary>
    public ReadOnlySpan<int> Indexes => _indexes.AsSpan(0, Count);

    /// <summary>An empty chunk.</summary>
    public static EventChunk Rent() => Free.TryDequeue(out EventChunk? chunk) ? chunk : new EventChunk();

    /// <summary>Gives a chunk back. Only once it is published and looked at: until then the engine writes into it.</summary>
    public static void Return(EventChunk chunk)
    {
        chunk.Count = 0;
        if (Free.Count < MostKept)
        {
            Array.Clear(chunk._events); // Its texts are not kept alive.
            Free.Enqueue(chunk);
        }
    }

    /// <summary>Adds an event; there must be room.</summary>
    public void Add(in MarketEvent marketEvent, int index)
    {
        _events[Count] = marketEvent;
        _indexes[Count++] = index;
    }

    /// <summary>Publishes the events.</summary>
    /// <returns>Completes when all that were taken are in the features, and on disk if that is promised.</returns>
    public Task PublishAsync(PricingEngine engine) => engine.PublishAsync(_events.AsMemory(0, Count), _outcomes.AsMemory(0, Count)).AsTask();
}
