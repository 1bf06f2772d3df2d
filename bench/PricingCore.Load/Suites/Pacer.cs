using System.Diagnostics;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Suites;

/// <summary>
/// Does things at the times they are planned for, whether or not the earlier ones have been answered: an open loop, as users are. Times are
/// taken from the plan, so that a wait of the pacer itself counts as a wait of everybody behind it (no coordinated omission).
/// </summary>
internal static class Pacer
{
    /// <summary>Runs a plan.</summary>
    /// <param name="perSecond">How many a second.</param>
    /// <param name="count">How many in all.</param>
    /// <param name="act">Gets the number and the planned time, in ticks of <see cref="Stopwatch"/>.</param>
    /// <returns>How late each was begun.</returns>
    public static Latencies Run(int perSecond, int count, Action<int, long> act)
    {
        var late = new Latencies();
        double ticksApart = Stopwatch.Frequency / (double)perSecond;
        long begin = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 100);
        for (int i = 0; i < count; i++)
        {
            long planned = begin + (long)(i * ticksApart);
            long now;
            while ((now = Stopwatch.GetTimestamp()) < planned)
            {
                ShortSleep.For(Nanos(planned - now)); // Users do not wait by spinning: the engine's threads need the CPU where there are few.
            }

            late.Record(Nanos(now - planned));
            act(i, planned);
        }

        return late;
    }

    public static long NanosSince(long planned) => Nanos(Stopwatch.GetTimestamp() - planned);

    private static long Nanos(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));
}
