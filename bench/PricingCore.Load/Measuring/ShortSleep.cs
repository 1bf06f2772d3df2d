using System.Runtime.InteropServices;

namespace PricingCore.Load.Measuring;

/// <summary>Sleeps of microseconds, which <see cref="Thread.Sleep(int)"/> cannot do.</summary>
internal static partial class ShortSleep
{
    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    private const long ShortestNanos = 20_000;

    [ThreadStatic]
    private static bool _isExact;

    /// <summary>Sleeps for about as long; yields when that is less than a sleep takes, or the system is not Linux.</summary>
    public static void For(long nanos)
    {
        if (!OperatingSystem.IsLinux() || nanos < ShortestNanos)
        {
            Thread.Yield();
            return;
        }

        if (!_isExact)
        {
            _ = prctl(SetTimerSlack, 1_000, 0, 0, 0); // Else the kernel adds up to 50 us to each sleep of this thread.
            _isExact = true;
        }

        var time = new TimeSpec { Seconds = (nint)(nanos / 1_000_000_000), Nanos = (nint)(nanos % 1_000_000_000) };
        _ = nanosleep(time, 0);
    }

#pragma warning disable IDE1006 // The names that libc gives them.
    [LibraryImport("libc")]
    private static partial int nanosleep(in TimeSpec time, nint rest);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nint value, nint third, nint fourth, nint fifth);
#pragma warning restore IDE1006

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanos;
    }
}
