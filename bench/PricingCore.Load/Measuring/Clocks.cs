using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PricingCore.Load.Measuring;

/// <summary>What a piece of work took.</summary>
/// <param name="WallNanos">By the wall clock: what the machine's other work adds is in it.</param>
/// <param name="CpuNanos">CPU time of the thread: steadier on a shared machine, and not the same as wall time where the thread waits.</param>
internal readonly record struct Spent(double WallNanos, double CpuNanos)
{
    public static Spent operator +(Spent left, Spent right) => new(left.WallNanos + right.WallNanos, left.CpuNanos + right.CpuNanos);

    public Spent Per(double operations) => new(WallNanos / operations, CpuNanos / operations);
}

/// <summary>The wall clock and the CPU clock of the calling thread, read together.</summary>
internal readonly partial struct Clocks
{
    private const int LinuxThreadCpuTime = 3;
    private const int MacThreadCpuTime = 16;

    private readonly long _wall;
    private readonly double _cpu;

    private Clocks(long wall, double cpu) => (_wall, _cpu) = (wall, cpu);

    /// <summary>Whether there is a CPU clock of the thread; where there is none, wall time stands in.</summary>
    public static bool HasCpuClock => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    public static Clocks Start()
    {
        double cpu = ThreadCpuNanos();
        return new Clocks(Stopwatch.GetTimestamp(), cpu);
    }

    public Spent Stop()
    {
        double wall = Stopwatch.GetElapsedTime(_wall).TotalNanoseconds;
        return new Spent(wall, HasCpuClock ? ThreadCpuNanos() - _cpu : wall);
    }

    private static double ThreadCpuNanos()
    {
        if (!HasCpuClock || clock_gettime(OperatingSystem.IsLinux() ? LinuxThreadCpuTime : MacThreadCpuTime, out TimeSpec time) != 0)
        {
            return 0;
        }

        return (time.Seconds * 1e9) + time.Nanos;
    }

#pragma warning disable IDE1006 // The name that libc gives it.
    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);
#pragma warning restore IDE1006

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanos;
    }
}
