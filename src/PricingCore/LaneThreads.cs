using System.Runtime.ExceptionServices;

namespace PricingCore;

/// <summary>Reads all lanes at the same time: loops show each other their regions at ticks, and wait for each other there.</summary>
internal static class LaneThreads
{
    /// <summary>Does the work of each lane, each on a thread of its own; of a single lane on the caller's.</summary>
    /// <remarks>Throws what the first lane that failed has thrown, once all have ended.</remarks>
    public static void Run(int lanes, Action<int> work) => Run(lanes, isStepped: false, work);

    /// <summary>Does the work of each lane; one after the other on the caller's thread if it is stepped, which regions with neighbours do not allow.</summary>
    public static void Run(int lanes, bool isStepped, Action<int> work)
    {
        if (lanes == 1 || isStepped)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                work(lane);
            }

            return;
        }

        var failures = new Exception?[lanes];
        Thread[] threads = [.. Enumerable.Range(0, lanes).Select(lane => new Thread(() => failures[lane] = Try(work, lane))
        {
            IsBackground = true,
            Name = $"PricingCore lane {lane}",
        })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (Array.Find(failures, failure => failure is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private static Exception? Try(Action<int> work, int lane)
    {
        try
        {
            work(lane);
            return null;
        }
#pragma warning disable CA1031 // Thrown again by the thread that waits.
        catch (Exception failure)
        {
            return failure;
        }
#pragma warning restore CA1031
    }
}
