using System.Diagnostics;

namespace PricingCore.Load.Measuring;

/// <summary>Runs code until the compiler's last tier has had time for it: that works in the background, and waits until no new code runs.</summary>
internal static class WarmUp
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1.5);

    public static void Run(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        do
        {
            action();
        }
        while (Stopwatch.GetElapsedTime(begin) < Enough);
    }
}
