using PricingCore.Surge;

namespace PricingCore;

/// <summary>Whoever wants to hear of each decision that the loops make.</summary>
/// <threadsafety>Any thread; <see cref="Tell"/> is called by the loops.</threadsafety>
internal sealed class DecisionFeed
{
    private readonly Lock _changing = new();
    private volatile Action<SurgeDecision>[] _observers = [];

    /// <summary>Tells everybody of a decision.</summary>
    public void Tell(SurgeDecision decision)
    {
        foreach (Action<SurgeDecision> observer in _observers)
        {
            observer(decision);
        }
    }

    /// <summary>Tells somebody from now on.</summary>
    /// <returns>Ends that when disposed.</returns>
    public IDisposable Add(Action<SurgeDecision> observer)
    {
        lock (_changing)
        {
            _observers = [.. _observers, observer];
        }

        return new Subscription(this, observer);
    }

    private void Remove(Action<SurgeDecision> observer)
    {
        lock (_changing)
        {
            int place = Array.IndexOf(_observers, observer);
            _observers = place < 0 ? _observers : [.. _observers[..place], .. _observers[(place + 1)..]];
        }
    }

    private sealed class Subscription(DecisionFeed feed, Action<SurgeDecision> observer) : IDisposable
    {
        public void Dispose() => feed.Remove(observer);
    }
}
