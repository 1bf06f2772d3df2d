using System.Runtime.InteropServices;
using System.Threading.Channels;
using PricingCore.Ring;

namespace PricingCore.Load.Ring;

/// <summary>A queue under test. A struct type parameter, so that neither side pays for an interface call.</summary>
internal interface IRival
{
    /// <summary>Publishes one event.</summary>
    bool TryPublish(in Event64 item);

    /// <summary>Publishes events of one producer, in order.</summary>
    /// <returns>How many, from the first on, were published.</returns>
    int Publish(ReadOnlySpan<Event64> events);

    /// <summary>Takes what waits, up to a limit, and counts it.</summary>
    int Drain(int max, ref Tally tally);
}

/// <summary>An event of 64 bytes with a number at both ends.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct Event64
{
    [FieldOffset(0)] public int First;
    [FieldOffset(60)] public int Last;

    /// <summary>The events that a producer publishes over and over, made before the clock starts.</summary>
    public static Event64[] Round() =>
        [.. Enumerable.Range(0, Tally.Round).Select(i => new Event64 { First = i, Last = i })];
}

/// <summary>
/// What the consumer has seen: enough to notice a lost, repeated or torn event, and cheap enough not to hide the queue's
/// own cost. The order is checked by the stress tests.
/// </summary>
internal struct Tally
{
    public const int Round = 256;

    private long _sum;
    private int _torn;

    public void Count(in Event64 item)
    {
        _sum += item.First;
        _torn |= item.First ^ item.Last;
    }

    /// <summary>Throws unless exactly so many events were counted, in whole rounds.</summary>
    public readonly void Check(int events)
    {
        long expected = (long)events / Round * (Round * (Round - 1) / 2);
        if (_sum != expected || _torn != 0)
        {
            throw new InvalidOperationException($"The events add up to {_sum}, not {expected}; torn bits: {_torn:x}.");
        }
    }
}

internal readonly struct RingRival(int capacity) : IRival
{
    private readonly EventRing<Event64> _ring = new(capacity);

    public bool TryPublish(in Event64 item) => _ring.TryPublish(item);

    public int Publish(ReadOnlySpan<Event64> events) => _ring.TryPublish(events) ? events.Length : 0;

    public int Drain(int max, ref Tally tally)
    {
        int count = _ring.Available(max);
        Tally counted = tally; // In registers.
        for (int offset = 0; offset < count; offset++)
        {
            counted.Count(_ring.Peek(offset));
        }

        tally = counted;
        _ring.Release(count);
        return count;
    }
}

internal readonly struct ChannelRival(int capacity) : IRival
{
    private readonly Channel<Event64> _channel = Channel.CreateBounded<Event64>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

    public bool TryPublish(in Event64 item) => _channel.Writer.TryWrite(item);

    public int Publish(ReadOnlySpan<Event64> events)
    {
        for (int i = 0; i < events.Length; i++)
        {
            if (!_channel.Writer.TryWrite(events[i]))
            {
                return i;
            }
        }

        return events.Length;
    }

    public int Drain(int max, ref Tally tally)
    {
        int count = 0;
        Tally counted = tally; // In registers.
        while (count < max && _channel.Reader.TryRead(out Event64 item))
        {
            counted.Count(item);
            count++;
        }

        tally = counted;
        return count;
    }
}
