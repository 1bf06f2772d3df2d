using PricingCore.Events;

namespace PricingCore;

/// <summary>Gives objects to every loop, through the rings: a record with a number goes to each, and the object waits under that number.</summary>
/// <param name="shards">The loops.</param>
/// <param name="outputs">Where those who wait are told.</param>
/// <param name="readersPerLoop">How often each loop, and its journal, takes an object.</param>
/// <param name="unavailable">Why nothing can enter; <see cref="Rejection.None"/> when it can.</param>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class HandOver(ShardSet shards, LoopOutputs outputs, int readersPerLoop, Func<Rejection> unavailable)
{
    /// <summary>The most that may be on their way at a time; more are refused as busy.</summary>
    public const int MostAtOnce = 16;

    /// <summary>Hands an object over; entering the rings is done when this returns, or the answer is there.</summary>
    /// <returns>Completes when the last loop has taken it.</returns>
    public async Task<Rejection> PublishAsync<T>(InTransit<T> table, T item, Func<int, AcceptedEvent> recordOf)
    {
        int number = table.Add(item, shards.Count * readersPerLoop);
        var receipts = new int[shards.Count];
        var outcomes = new Task<Rejection>[shards.Count];
        bool canEnter = unavailable() == Rejection.None;
        for (int i = 0; i < shards.Count; i++)
        {
            canEnter &= outputs.HandOvers.TryEnter(out receipts[i], out outcomes[i]);
        }

        if (!canEnter || !shards.TryEnterAll(recordOf(number), receipts))
        {
            table.Remove(number);
            Array.ForEach(receipts, receipt => outputs.HandOvers.Complete(receipt, Rejection.Busy));
            return unavailable() is var reason and not Rejection.None ? reason : Rejection.Busy;
        }

        Rejection[] all = await Task.WhenAll(outcomes).ConfigureAwait(false);
        return all.FirstOrDefault(outcome => outcome != Rejection.None);
    }
}
