using System.Diagnostics;

namespace PricingCore.Load.Ring;

/// <summary>Hands a number of events through a queue and measures the time from the first to the last.</summary>
internal static class HandOver
{
    private const int Burst = 256;

    /// <summary>Runs are whole bursts of every producer, so that every claim is a full batch.</summary>
    public static int RoundUp(int events) => (events + (2 * Burst) - 1) / (2 * Burst) * (2 * Burst);

    public static double NanosecondsPerEvent<TRival>(TRival queue, RingScenario scenario, int events)
        where TRival : struct, IRival =>
        (scenario.Producers == 0 ? OneThread(queue, scenario, events) : Threads(queue, scenario, events)).TotalNanoseconds / events;

    private static TimeSpan OneThread<TRival>(TRival queue, RingScenario scenario, int events)
        where TRival : struct, IRival
    {
        var tally = new Tally(1);
        Event64[] round = Event64.Round(0);
        long begin = Stopwatch.GetTimestamp();
        for (int done = 0; done < events; done += Burst)
        {
            ReadOnlySpan<Event64> burst = round.AsSpan(done % Tally.Round, Burst);
            while (!burst.IsEmpty)
            {
                burst = burst[queue.Publish(burst[..scenario.BatchSize])..];
            }

            int taken = 0;
            while (taken < Burst)
            {
                taken += queue.Drain(Burst, tally);
            }
        }

        return Stopwatch.GetElapsedTime(begin);
    }

    private static TimeSpan Threads<TRival>(TRival queue, RingScenario scenario, int events)
        where TRival : struct, IRival
    {
        using var start = new Barrier(scenario.Producers + 1);
        int each = events / scenario.Producers;
        Thread[] producers = [.. Enumerable.Range(0, scenario.Producers).Select(producer => new Thread(() =>
        {
            Event64[] round = Event64.Round(producer);
            start.SignalAndWait();
            Produce(queue, round, each, scenario.BatchSize);
        }))];
        Array.ForEach(producers, producer => producer.Start());

        var tally = new Tally(scenario.Producers);
        start.SignalAndWait();
        long begin = Stopwatch.GetTimestamp();
        Consume(queue, tally, each * scenario.Producers);
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
            int published = queue.Publish(round.AsSpan(done % Tally.Round, batchSize - (done % batchSize)));
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

    private static void Consume<TRival>(TRival queue, Tally tally, int events)
        where TRival : struct, IRival
    {
        SpinWait wait = default;
        for (int done = 0; done < events;)
        {
            int taken = queue.Drain(Burst, tally);
            done += taken;
            if (taken == 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
            else
            {
                wait.Reset();
            }
        }
    }
}
