using PricingCore.Ring;

namespace PricingCore;

/// <summary>Demand spikes on their way from the loops to whoever tells of them: bounded, so that no loop ever waits.</summary>
/// <threadsafety><see cref="Add"/>: any thread. <see cref="TryTake"/>: one thread at a time.</threadsafety>
internal sealed class SpikeReports
{
    private const int Capacity = 1_024;

    private readonly EventRing<DemandSpike> _ring = new(Capacity);
    private long _dropped;

    /// <summary>Whether somebody takes them; before, they are let go.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Spikes that found no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds one; when there is no room, it is counted and let go.</summary>
    public void Add(in DemandSpike spike)
    {
        if (IsUsed && !_ring.TryPublish(spike))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake(out DemandSpike spike) => _ring.TryTake(out spike);
}
