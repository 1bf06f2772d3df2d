using System.Diagnostics;

namespace PricingCore.Load.Ring;

/// <summary>Measures what moving a line between two CPUs costs at this moment: two threads hand one number back and forth.</summary>
internal static class LineTransfer
{
    private const int RoundTrips = 20_000;

    public static double MeasureNanoseconds()
    {
        long[] padded = new long[64];
        using var start = new Barrier(2);
        var other = new Thread(() =>
        {
            ref long ball = ref padded[32];
            start.SignalAndWait();
            for (long i = 0; i < RoundTrips; i++)
            {
                Await(ref ball, (2 * i) + 1);
                Volatile.Write(ref ball, (2 * i) + 2);
            }
        });
        other.Start();

        ref long mine = ref padded[32];
        start.SignalAndWait();
        long begin = Stopwatch.GetTimestamp();
        for (long i = 0; i < RoundTrips; i++)
        {
            Volatile.Write(ref mine, (2 * i) + 1);
            Await(ref mine, (2 * i) + 2);
        }

        double nanoseconds = Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
        other.Join();
        return nanoseconds / (2 * RoundTrips);
    }

    private static void Await(ref long ball, long value)
    {
        int looks = 0;
        while (Volatile.Read(ref ball) != value)
        {
            if (++looks % 10_000 == 0)
            {
                Thread.Yield(); // The other thread may have no CPU.
            }
        }
    }
}
