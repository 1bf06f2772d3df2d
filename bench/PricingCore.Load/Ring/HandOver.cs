using System.Diagnostics;

namespace PricingCore.Load.Ring;

/// <summary>Hands a number of events through a queue and measures the time from the first to the last.</summary>
internal static class HandOver
{
    private const int Burst = Tally.Round;
    private const int PauseIterations = 60; // As IdleWait does; the channel gains from it too.
    private const int LooksBeforeYield = 20;

    /// <summary>A run is whole rounds of every producer.</summary>
    public static int RoundUp(int events) => (events + (2 * Burst) - 1) / (2 * Burst) * (2 * Burst);

    public static double NanosecondsPerEvent<TRival>(TRival queue, RingScenario scenario, int events)
        where TRival : struct, IRival
    {
        Tally tally = default;
        TimeSpan elapsed = scenario.Producers == 0
            ? OneThread(queue, scenario, events, ref tally)
            : Threads(queue, scenario, events, ref tally);
        tally.Check(events);
        return elapsed.TotalNanoseconds / events;
    }

    private static TimeSpan OneThread<TRival>(TRival queue, RingScenario scenario, int events, ref Tally tally)
        where TRival : struct, IRival
    {
        Event64[] round = Event64.Round();
        long begin = Stopwatch.GetTimestamp();
        for (int done = 0; done < events; done += Burst)
        {
            PublishBurst(queue, round, scenario.BatchSize);
            for (int taken = 0; taken < Burst;)
            {
                taken += queue.Drain(Burst, ref tally);
            }
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    private static void PublishBurst<TRival>(TRival queue, Event64[] round, int batchSize)
        where TRival : struct, IRival
    {
        if (batchSize == 1)
        {
            foreach (ref readonly Event64 item in round.AsSpan())
            {
                queue.TryPublish(item);
            }

            return;
        }

        for (int i = 0; i < round.Length; i += batchSize)
        {
            queue.Publish(round.AsSpan(i, batchSize));
        }
    }

    private static TimeSpan Threads<TRival>(TRival queue, RingScenario scenario, int events, ref Tally tally)
        where TRival : struct, IRival
    {
        using var start = new Barrier(scenario.Producers + 1);
        int each = events / scenario.Producers;
        Thread[] producers = [.. Enumerable.Range(0, scenario.Producers).Select(_ => new Thread(() =>
        {
            Event64[] round = Event64.Round();
            start.SignalAndWait();
            Produce(queue, round, each, scenario.BatchSize);
        }))];
        Array.ForEach(producers, producer => producer.Start());

        start.SignalAndWait();
        long begin = Stopwatch.GetTimestamp();
        Consume(queue, ref tally, each * scenario.Producers);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);

        Array.ForEach(producers, producer => producer.Join());
        return elapsed;
    }

    private static void Produce<TRival>(TRival queue, Event64[] round, int events, int batchSize)
        where TRival : struct, IRival
    {
        SpinWait wait = default;
        for (int done = 0; done < events;)
        {
            int at = done % Tally.Round;
            int published = batchSize == 1
                ? queue.TryPublish(round[at]) ? 1 : 0
                : queue.Publish(round.AsSpan(at, batchSize - (done % batchSize)));
            done += published;
            if (published == 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
            else
            {
                wait.Reset();
            }
        }
    }

    /// <summary>Waits as the pricing loop does: looks again after a pause that lets some events gather, and gives way in the end.</summary>
    private static void Consume<TRival>(TRival queue, ref Tally tally, int events)
        where TRival : struct, IRival
    {
        int looks = 0;
        for (int done = 0; done < events;)
        {
            int taken = queue.Drain(Burst, ref tally);
            done += taken;
            if (taken > 0)
            {
                looks = 0;
            }
            else if (++looks < LooksBeforeYield)
            {
                Thread.SpinWait(PauseIterations);
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
