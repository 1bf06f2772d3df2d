using System.Diagnostics;
using PricingCore.Ring;

namespace PricingCore.StressTests.Ring;

/// <summary>
/// Goal: no wake-up is lost, however a publish falls between the steps of a consumer that goes to sleep.
/// Method: the consumer goes to sleep after every event, without spinning. The producer waits until the last event was
/// taken, then some nanoseconds more, a different number each time, publishes and wakes. When the event is not taken although the
/// wake-up call has long returned, and a second call gets it taken, the first was lost.
/// Control: without the look between announcing and parking, and without the process-wide barrier, a wake-up is lost; tests
/// assert it, so that this method cannot go blind. The first is forced in the first round. The second needs a store that waits in
/// one CPU's buffer while the other CPU reads: of three runs on overloaded CPUs one saw it (within 30 s); when it is not seen,
/// the test says inconclusive instead of passing.
/// </summary>
[Trait("Kind", "Stress")]
public sealed class IdleWaitStress
{
    [Fact]
    public void Park_WhileAProducerPublishes_LosesNoWakeUp()
    {
        using var idle = new IdleWait();

        Outcome outcome = Play(new RealWait(idle), time: TimeSpan.FromSeconds(4), patience: TimeSpan.FromSeconds(5));

        Assert.Equal(0, outcome.Lost);
        Assert.True(outcome.Rounds > 1_000, $"Inconclusive: only {outcome.Rounds} rounds.");
    }

    [Fact]
    public void Control_WithoutTheLookBeforeParking_LosesAWakeUp()
    {
        using var idle = new IdleWait();

        Outcome outcome = Play(new WaitWithoutLook(idle), time: TimeSpan.FromSeconds(5), patience: TimeSpan.FromSeconds(0.5));

        Assert.Equal(1, outcome.Lost);
    }

    [Fact]
    public void Control_WithoutTheProcessWideBarrier_LosesAWakeUp()
    {
        using var idle = new WaitWithoutBarrier();

        Outcome outcome = Play(idle, time: TimeSpan.FromSeconds(8), patience: TimeSpan.FromSeconds(0.5));

        Assert.SkipWhen(outcome.Lost == 0, $"Inconclusive: no wake-up lost in {outcome.Rounds} rounds; needs two free CPUs.");
        Assert.Equal(1, outcome.Lost);
    }

    /// <summary>Plays rounds until the time is over or a wake-up is lost.</summary>
    private static Outcome Play<TWait>(TWait wait, TimeSpan time, TimeSpan patience)
        where TWait : IStressedWait
    {
        var ring = new EventRing<int>(capacity: 4);
        var state = new SharedState();
        var consumer = new Thread(() => Consume(ring, wait, state));
        consumer.Start();

        uint seed = 1;
        int rounds = 0;
        int lost = 0;
        long begin = Stopwatch.GetTimestamp();
        while (lost == 0 && Stopwatch.GetElapsedTime(begin) < time)
        {
            seed = unchecked((seed * 1_664_525) + 1_013_904_223);
            Linger((int)(seed >> 16) & (wait.LingerSteps - 1), state);
            ring.TryPublish(++rounds);
            wait.WakeIfSleeping();
            Volatile.Write(ref state.Called, rounds);
            lost = state.AwaitTaken(rounds, patience) ? 0 : 1;
        }

        ring.TryPublish(-1); // The end; the call below also wakes a consumer whose wake-up was lost.
        wait.WakeIfSleeping();
        for (int calls = 1; !consumer.Join(TimeSpan.FromSeconds(5)); calls++)
        {
            Assert.True(calls < 6, "No further call wakes the consumer.");
            lost = 1; // The last wake-up can be lost as any other.
            wait.WakeIfSleeping();
        }

        return new Outcome(rounds, lost);
    }

    private static void Consume<TWait>(EventRing<int> ring, TWait wait, SharedState state)
        where TWait : IStressedWait
    {
        while (true)
        {
            if (ring.TryTake(out int item))
            {
                if (item < 0)
                {
                    return;
                }

                Volatile.Write(ref state.Taken, item);
                continue;
            }

            if (!wait.LooksBeforeParking)
            {
                state.AwaitNextCall();
            }

            wait.BeginSleep();
            if (wait.LooksBeforeParking && ring.Available(1) > 0)
            {
                wait.CancelSleep();
            }
            else
            {
                wait.Park();
            }
        }
    }

    private static void Linger(int steps, SharedState state)
    {
        for (int i = 0; i < steps; i++)
        {
            _ = Volatile.Read(ref state.Taken);
        }
    }

    private readonly record struct Outcome(int Rounds, int Lost);

    private sealed class SharedState
    {
        public int Taken;
        public int Called;

        /// <summary>Lets the next publish and wake-up fall where only the look before parking would notice them.</summary>
        public void AwaitNextCall()
        {
            while (Volatile.Read(ref Called) <= Volatile.Read(ref Taken))
            {
                Thread.Yield();
            }
        }

        public bool AwaitTaken(int round, TimeSpan patience)
        {
            for (int looks = 0; looks < 20_000; looks++)
            {
                if (Volatile.Read(ref Taken) == round)
                {
                    return true;
                }
            }

            long begin = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref Taken) != round)
            {
                Thread.Yield();
                if (Stopwatch.GetElapsedTime(begin) > patience)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private interface IStressedWait
    {
        bool LooksBeforeParking { get; }

        /// <summary>A power of two; sized to the time the consumer needs from taking an event to parking.</summary>
        int LingerSteps { get; }

        void BeginSleep();

        void CancelSleep();

        void Park();

        void WakeIfSleeping();
    }

    private readonly struct RealWait(IdleWait idle) : IStressedWait
    {
        public bool LooksBeforeParking => true;

        public int LingerSteps => 8_192;

        public void BeginSleep() => idle.BeginSleep();

        public void CancelSleep() => idle.CancelSleep();

        public void Park() => idle.Park(Timeout.InfiniteTimeSpan);

        public void WakeIfSleeping() => idle.WakeIfSleeping();
    }

    private readonly struct WaitWithoutLook(IdleWait idle) : IStressedWait
    {
        public bool LooksBeforeParking => false;

        public int LingerSteps => 1_024;

        public void BeginSleep() => idle.BeginSleep();

        public void CancelSleep() => idle.CancelSleep();

        public void Park() => idle.Park(Timeout.InfiniteTimeSpan);

        public void WakeIfSleeping() => idle.WakeIfSleeping();
    }

    /// <summary><see cref="IdleWait"/> with only a release where the process-wide barrier belongs.</summary>
    private sealed class WaitWithoutBarrier : IStressedWait, IDisposable
    {
        private readonly ManualResetEventSlim _signal = new(initialState: false, spinCount: 0);
        private readonly int[] _padded = new int[128];

        public bool LooksBeforeParking => true;

        public int LingerSteps => 256;

        public void BeginSleep()
        {
            _signal.Reset();
            Volatile.Write(ref _padded[64], 1);
        }

        public void CancelSleep() => Interlocked.Exchange(ref _padded[64], 0);

        public void Park()
        {
            _signal.Wait();
            Interlocked.Exchange(ref _padded[64], 0);
        }

        public void WakeIfSleeping()
        {
            if (Volatile.Read(ref _padded[64]) != 0 && Interlocked.Exchange(ref _padded[64], 0) != 0)
            {
                _signal.Set();
            }
        }

        public void Dispose() => _signal.Dispose();
    }
}
