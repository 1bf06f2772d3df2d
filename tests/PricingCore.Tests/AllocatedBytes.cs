namespace PricingCore.Tests;

/// <summary>Bytes that an action allocates on this thread once it is warm.</summary>
/// <remarks>
/// The runtime itself sometimes allocates a few kilobytes on a thread, once, as when it replaces a method by a faster one. What the action
/// allocates comes back in every round, so the least of the rounds is the action's own; the number stays exact.
/// </remarks>
internal static class AllocatedBytes
{
    private const int Rounds = 5;

    public static long Of(Action action)
    {
        action();
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
