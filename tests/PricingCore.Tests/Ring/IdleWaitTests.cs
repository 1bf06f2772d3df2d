using System.Diagnostics;
using PricingCore.Ring;

namespace PricingCore.Tests.Ring;

/// <summary>
/// Goal: an idle consumer uses next to no processor time, wakes at once, and its announcement and signal never go stale.
/// Method: one thread where order is all that matters; a consumer thread and its processor time where that is the question.
/// The stress test IdleWaitStress looks for lost wake-ups.
/// </summary>
public sealed class IdleWaitTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void TrySpin_WhenThereIsNoWork_GivesUpAfterABoundedTime()
    {
        using var idle = new IdleWait();
        long start = Stopwatch.GetTimestamp();

        while (idle.TrySpin())
        {
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < Long); // A bound: a virtual machine may stand still for a second.
        Assert.False(idle.TrySpin());
    }

    [Fact]
    public void Reset_AfterWork_SpinsAgain()
    {
        using var idle = new IdleWait();
        int first = CountSpins(idle);

        idle.Reset();

        Assert.Equal(first, CountSpins(idle));
    }

    [Fact]
    public void Park_WhenWokenBeforeIt_ReturnsAtOnce()
    {
        using var idle = new IdleWait();
        idle.BeginSleep();
        idle.WakeIfSleeping();

        Assert.True(idle.Park(Long));
    }

    [Fact]
    public void Park_WhenNobodyWakesIt_ReturnsAfterTheTimeout()
    {
        using var idle = new IdleWait();
        idle.BeginSleep();

        Assert.False(idle.Park(TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void WakeIfSleeping_WhenTheConsumerIsAwake_LeavesNoSignal()
    {
        using var idle = new IdleWait();
        idle.WakeIfSleeping();
        idle.BeginSleep();
        idle.CancelSleep();
        idle.WakeIfSleeping();

        idle.BeginSleep();

        Assert.False(idle.Park(TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void BeginSleep_AfterAWakeUpThatWasNotNeeded_ForgetsIt()
    {
        using var idle = new IdleWait();
        idle.BeginSleep();
        idle.WakeIfSleeping();
        idle.CancelSleep();

        idle.BeginSleep();

        Assert.False(idle.Park(TimeSpan.FromMilliseconds(5)));
    }

    [Fact]
    public void WakeIfSleeping_AllocatesNothing()
    {
        using var idle = new IdleWait();
        idle.BeginSleep();
        idle.WakeIfSleeping();
        idle.Park(Long);

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                idle.BeginSleep();
                idle.WakeIfSleeping();
                idle.Park(Long);
            }
        }));
    }

    [Fact]
    public void Consumer_WhenQuiet_UsesNextToNoProcessorTimeAndWakesAtTheNextEvent()
    {
        var ring = new EventRing<int>(capacity: 8);
        using var idle = new IdleWait();
        using var asleep = new ManualResetEventSlim();
        using var quiet = new ManualResetEventSlim();
        int taken = 0;
        TimeSpan used = TimeSpan.MaxValue;

        var consumer = new Thread(() =>
        {
            TimeSpan before = ThreadProcessorTime();
            while (!ring.TryTake(out taken))
            {
                if (idle.TrySpin())
                {
                    continue;
                }

                idle.BeginSleep();
                if (ring.Available(1) > 0)
                {
                    idle.CancelSleep();
                    continue;
                }

                asleep.Set();
                idle.Park(Timeout.InfiniteTimeSpan);
            }

            used = ThreadProcessorTime() - before;
        });
        consumer.Start();
        Assert.True(asleep.Wait(Long), "The consumer did not go to sleep.");
        Assert.False(quiet.Wait(TimeSpan.FromMilliseconds(500))); // Nobody sets it: a quiet time with a bound.

        ring.TryPublish(10);
        idle.WakeIfSleeping();

        Assert.True(consumer.Join(Long), "The consumer did not wake up.");
        Assert.Equal(10, taken);

        // A spinning consumer would have used some 500 ms; time that the host takes away may be counted as the thread's.
        Assert.True(used < TimeSpan.FromMilliseconds(250), $"The idle consumer used {used.TotalMilliseconds} ms of processor time.");
    }

    private static int CountSpins(IdleWait idle)
    {
        int spins = 0;
        while (idle.TrySpin())
        {
            spins++;
        }

        return spins;
    }

    /// <summary>Processor time of the calling thread where the system tells it (Linux), else of the process.</summary>
    private static TimeSpan ThreadProcessorTime()
    {
        const string Stat = "/proc/thread-self/stat";
        if (!File.Exists(Stat))
        {
            return Process.GetCurrentProcess().TotalProcessorTime;
        }

        // After the name in brackets, fields 14 and 15 of the line: user and system time in ticks of 10 ms.
        string line = File.ReadAllText(Stat);
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], null) + long.Parse(fields[12], null);
        return TimeSpan.FromMilliseconds(10 * ticks);
    }
}
