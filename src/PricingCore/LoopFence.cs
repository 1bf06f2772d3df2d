using PricingCore.Events;

namespace PricingCore;

/// <summary>An empty record in every ring, whose answers say that all records before it have been handled, and so are in the journals.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
/// <param name="receipts">Who waits, loop by loop.</param>
/// <param name="answers">The answers, loop by loop.</param>
internal sealed class LoopFence(int[] receipts, Task<Rejection>[] answers)
{
    /// <summary>Who waits, loop by loop.</summary>
    public int[] Receipts => receipts;

    /// <summary>Waits for every loop.</summary>
    /// <returns><see langword="false"/> when a loop ended before it came to the fence.</returns>
    public async Task<bool> WaitAsync() => Array.TrueForAll(await Task.WhenAll(answers).ConfigureAwait(false), answer => answer == Rejection.None);
}
