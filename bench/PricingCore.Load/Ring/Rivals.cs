using System.Runtime.InteropServices;
using System.Threading.Channels;
using PricingCore.Ring;

namespace PricingCore.Load.Ring;

/// <summary>A queue under test. A struct type parameter, so that neither side pays for an interface call.</summary>
internal interface IRival
{
    /// <summary>Publishes events of one producer, in order.</summary>
    /// <returns>How many, from the first on, were published.</returns>
    int Publish(ReadOnlySpan<Event64> events);

    /// <summary>Takes what waits, up to a limit, and checks it.</summary>
    int Drain(int max, Tally tally);
}

/// <summary>An event of 64 bytes: a number at both ends, and whose it is.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct Event64
{
    [FieldOffset(0)] public int First;
    [FieldOffset(4)] public int Producer;
    [FieldOffset(60)] public int Last;

    /// <summary>The events that a producer publishes over and over, made before the clock starts.</summary>
    public static Event64[] Round(int producer) =>
        [.. Enumerable.Range(0, Tally.Round).Select(i => new Event64 { First = i, Last = i, Producer = producer })];
}

/// <summary>The consumer's check: each producer's events arrive whole, once and in order, modulo a round.</summary>
internal sealed class Tally(int producers)
{
    public const int Round = 4_096;

    private readonly int[] _taken = new int[producers];

    public void Count(in Event64 item)
    {
        int expected = _taken[item.Producer]++ & (Round - 1);
        if (item.First != expected || item.Last != expected)
        {
            Fail(item, expected);
        }
    }

    private static void Fail(in Event64 item, int expected) => throw new InvalidOperationException(
        $"Expected event {expected} of producer {item.Producer}, but took {item.First}/{item.Last}.");
}

internal readonly struct RingRival(int capacity) : IRival
{
    private readonly EventRing<Event64> _ring = new(capacity);

    public int Publish(ReadOnlySpan<Event64> events)
    {
        bool published = events.Length == 1 ? _ring.TryPublish(events[0]) : _ring.TryPublish(events);
        return published ? events.Length : 0;
    }

    public int Drain(int max, Tally tally)
    {
        int count = _ring.Available(max);
        for (int offset = 0; offset < count; offset++)
        {
            tally.Count(_ring.Peek(offset));
        }

        _ring.Release(count);
        return count;
    }
}

internal readonly struct ChannelRival(int capacity) : IRival
{
    private readonly Channel<Event64> _channel = Channel.CreateBounded<Event64>(
        new BoundedChannelOptions(capacity) { SingleReader = true });

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

    public int Drain(int max, Tally tally)
    {
        int count = 0;
        while (count < max && _channel.Reader.TryRead(out Event64 item))
        {
            tally.Count(item);
            count++;
        }

        return count;
    }
}
