using System.Runtime.InteropServices;
using PricingCore.Ring;

namespace PricingCore.StressTests.Ring;

/// <summary>
/// Goal: under contention the ring neither loses, repeats, reorders nor tears a producer's events.
/// Method: each producer publishes 0, 1, 2, ... by single and by batch publishes, in an event wide enough to span three lines; the
/// consumer checks both ends of each event against the number it expects next, and that nothing is left at the end. The
/// ring has 64 slots, so it wraps thousands of times and is often full.
/// Control: the same run with one step out of order must be seen to fail, and a test asserts it: marks set before the
/// items are written, and the head released before the items are read. The control lingers between the two steps, so that it
/// does not depend on luck: without that it was detected within 0.5 s on two free CPUs, but not always on busy ones.
/// </summary>
[Trait("Kind", "Stress")]
public sealed class EventRingStress
{
    private const int YieldsOfAControl = 1_000;
    private const int PerProducer = 150_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Ring_TakesEveryEventOnceInEachProducersOrder(int producers) =>
        Assert.Null(FirstViolation(producers, StepOutOfOrder.None));

    [Theory]
    [InlineData(StepOutOfOrder.MarksBeforeItems)]
    [InlineData(StepOutOfOrder.HeadBeforeReading)]
    public void Control_WhenAStepIsOutOfOrder_IsDetected(StepOutOfOrder step) =>
        Assert.NotNull(FirstViolation(producers: 2, step));

    public enum StepOutOfOrder
    {
        None,
        MarksBeforeItems,
        HeadBeforeReading,
    }

    private static string? FirstViolation(int producers, StepOutOfOrder step)
    {
        var ring = new EventRing<WideEvent>(capacity: 64);
        using var stop = new CancellationTokenSource();
        using var start = new Barrier(producers + 1);
        Thread[] publishing = [.. Enumerable.Range(0, producers).Select(producer => new Thread(() =>
        {
            start.SignalAndWait();
            Produce(ring, producer, step, stop.Token);
        }))];
        Array.ForEach(publishing, thread => thread.Start());

        start.SignalAndWait();
        string? violation = Consume(ring, producers, step);

        stop.Cancel();
        Array.ForEach(publishing, thread => thread.Join());
        return violation ?? (ring.Count == 0 ? null : $"{ring.Count} events are left.");
    }

    private static void Produce(EventRing<WideEvent> ring, int producer, StepOutOfOrder step, CancellationToken stop)
    {
        WideEvent[] batch = new WideEvent[5];
        SpinWait wait = default;
        for (int number = 0; number < PerProducer && !stop.IsCancellationRequested;)
        {
            // One, a batch, one, a batch ...: the batch sizes 1 to 5 put the wrap everywhere.
            int count = Math.Min((number % 5) + 1, PerProducer - number);
            for (int i = 0; i < count; i++)
            {
                batch[i] = WideEvent.Of(producer, number + i);
            }

            bool published = step == StepOutOfOrder.MarksBeforeItems
                ? PublishMarksFirst(ring, batch.AsSpan(0, count))
                : count == 1 ? ring.TryPublish(batch[0]) : ring.TryPublish(batch.AsSpan(0, count));
            if (published)
            {
                number += count;
                wait.Reset();
            }
            else
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private static bool PublishMarksFirst(EventRing<WideEvent> ring, Span<WideEvent> items)
    {
        if (!ring.TryClaim(items.Length, out long position))
        {
            return false;
        }

        ring.Publish(position, items.Length);
        for (int i = 0; i < YieldsOfAControl && ring.Count > 0; i++)
        {
            Thread.Yield(); // Until the consumer has been here.
        }

        for (int i = 0; i < items.Length; i++)
        {
            ring.Slot(position + i) = items[i];
        }

        return true;
    }

    private static string? Consume(EventRing<WideEvent> ring, int producers, StepOutOfOrder step)
    {
        int[] next = new int[producers];
        SpinWait wait = default;
        for (int taken = 0; taken < producers * PerProducer;)
        {
            int count = ring.Available(max: 16);
            int released = step == StepOutOfOrder.HeadBeforeReading ? count : 0;
            ring.Release(released);
            for (int i = 0; i < YieldsOfAControl && released > 0 && ring.Count < ring.Capacity; i++)
            {
                Thread.Yield(); // Until the producers have been here.
            }

            for (int offset = 0; offset < count; offset++)
            {
                WideEvent item = ring.Peek(offset - released);
                int expected = next[item.Producer]++;
                if (item.First != expected || item.Last != expected)
                {
                    return $"After {taken + offset} events: expected {expected} of producer {item.Producer}, but took {item.First}/{item.Last}.";
                }
            }

            ring.Release(count - released);
            taken += count;
            if (count > 0)
            {
                wait.Reset();
            }
            else
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        return null;
    }

    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct WideEvent
    {
        [FieldOffset(0)] public int Producer;
        [FieldOffset(4)] public int First;
        [FieldOffset(188)] public int Last;

        public static WideEvent Of(int producer, int number) =>
            new() { Producer = producer, First = number, Last = number };
    }
}
