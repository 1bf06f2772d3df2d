using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Ring;

namespace PricingCore;

/// <summary>What a loop reads: its ring, and where there is a journal only what the journal has.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal sealed class LoopInput(EventRing<AcceptedEvent> ring, IdleWait idle, CancellationToken stopping)
{

    /// <summary>Has the journal's word before anything is handled; null when there is no journal.</summary>
    public WriteAhead? WriteAhead { get; set; }

    /// <summary>Records that the ring can hold.</summary>
    public int Capacity => ring.Capacity;

    /// <summary>Whether the rest can never be handled: the engine ends, and its disk fails.</summary>
    public bool IsStuck => WriteAhead is { IsStuck: true };

    /// <summary>Records at the ring's head that may be handled now, up to a limit.</summary>
    public int Ready(int max) => WriteAhead is null ? ring.Available(max) : WriteAhead.Ready(max);

    /// <summary>A record in place, one of those that are ready.</summary>
    public ref readonly AcceptedEvent Peek(int offset) => ref ring.Peek(offset);

    /// <summary>Frees the oldest records.</summary>
    public void Release(int count)
    {
        if (WriteAhead is null)
        {
            ring.Release(count);
        }
        else
        {
            WriteAhead.Release(count);
        }
    }

    /// <summary>There was work: the next wait spins again first.</summary>
    public void Reset() => idle.Reset();

    /// <summary>Waits for work, a moment or until woken; <see langword="false"/> when the engine stops and nothing is ready.</summary>
    public bool Wait()
    {
        if (idle.TrySpin())
        {
            return true;
        }

        idle.BeginSleep();
        if (Ready(1) > 0)
        {
            idle.CancelSleep();
            return true;
        }

        if (stopping.IsCancellationRequested)
        {
            return false;
        }

        idle.Park(Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>Takes every free slot and frees none, so that the ring is full for good; what was claimed before that is waited for.</summary>
    public void FillUp()
    {
        while (ring.TryClaim(1, out long position))
        {
            ring.Slot(position) = default;
            ring.Publish(position, 1);
        }
    }

    /// <summary>Waits until one more record than so many is ready, after <see cref="FillUp"/>.</summary>
    /// <returns>How many are; the same number when there will not be more.</returns>
    public int WaitForMoreThan(int ready)
    {
        int now = ready;
        SpinWait spin = default;
        while (now <= ready && !IsStuck)
        {
            now = Ready(ring.Capacity);
            spin.SpinOnce();
        }

        return Math.Max(now, ready);
    }
}
