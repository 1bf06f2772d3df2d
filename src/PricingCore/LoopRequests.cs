using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore;

/// <summary>Asks loops through their rings, and waits for what they answer.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class LoopRequests(ShardSet shards, LoopOutputs outputs, Func<Rejection> unavailable, AuditLog? audit)
{
    /// <summary>Asks the region's loop for a decision.</summary>
    /// <returns>The answer; <see cref="QuoteRefusal.Busy"/> when too many wait or the ring is full.</returns>
    public Task<DecisionAnswer> AskAsync(int region, int product, long now, AcceptedEventFlags flags)
    {
        if (audit?.TryReserve() == false)
        {
            return Task.FromResult(new DecisionAnswer(QuoteRefusal.AuditBusy, null, false, null));
        }

        if (!outputs.Decisions.TryEnter(out int receipt, out Task<DecisionAnswer> answer))
        {
            audit?.Release();
            return Task.FromResult(new DecisionAnswer(unavailable() == Rejection.Stopped ? QuoteRefusal.Stopped : QuoteRefusal.Busy, null, false, null));
        }

        AcceptedEvent request = AcceptedEvent.DecisionRequested(region, product, now, receipt, afresh: false);
        request.Flags = flags;
        if (!shards.TryEnter(request))
        {
            audit?.Release();
            outputs.Decisions.Complete(receipt, new DecisionAnswer(QuoteRefusal.Busy, null, false, null));
        }

        return answer;
    }

    /// <summary>Asks the region's loop for a decision without waiting for it; lost when the ring is full.</summary>
    public void Ask(int region, int product, long now, AcceptedEventFlags flags)
    {
        AcceptedEvent request = AcceptedEvent.DecisionRequested(region, product, now, Waiters<DecisionAnswer>.Nobody, afresh: false);
        request.Flags = flags;
        if (unavailable() == Rejection.None && audit?.TryReserve() != false && !shards.TryEnter(request))
        {
            audit?.Release();
        }
    }

    /// <summary>Asks the region's loop for a forecast.</summary>
    /// <returns>The answer; null when too many wait or the ring is full.</returns>
    public Task<ForecastAnswer>? AskForecast(int region, int horizonMinutes, long now)
    {
        if (unavailable() != Rejection.None || !outputs.Forecasts.TryEnter(out int receipt, out Task<ForecastAnswer> answer))
        {
            return null;
        }

        if (shards.TryEnter(AcceptedEvent.ForecastRequested(region, horizonMinutes, now, receipt)))
        {
            return answer;
        }

        outputs.Forecasts.Complete(receipt, ForecastAnswer.Stopped);
        return null;
    }

    /// <summary>Puts an event into its ring, or into the rings of all loops that must know of it.</summary>
    /// <returns>Completes when the last of them has applied it, so that it is then in every journal that it goes to; null when it did not enter.</returns>
    public Task<Rejection>? Publish(in AcceptedEvent accepted) => PublishToEach(accepted) switch
    {
        null => null,
        [var outcome] => outcome,
        var outcomes => FirstRefusalAsync(outcomes),
    };

    /// <summary>The same, with the answer of each loop.</summary>
    public Task<Rejection>[]? PublishToEach(in AcceptedEvent accepted) => shards.IsForSeveral(accepted) ? PublishToAll(accepted) : PublishToOne(accepted);

    /// <summary>Takes places for somebody who waits for all loops; null when as many wait as may.</summary>
    public LoopFence? TryBeginFence()
    {
        var receipts = new int[shards.Count];
        var answers = new Task<Rejection>[shards.Count];
        bool canEnter = unavailable() == Rejection.None;
        for (int i = 0; i < shards.Count; i++)
        {
            canEnter &= outputs.Publications.TryEnter(out receipts[i], out answers[i]);
        }

        if (!canEnter)
        {
            Array.ForEach(receipts, receipt => outputs.Publications.Complete(receipt, Rejection.Busy));
        }

        return canEnter ? new LoopFence(receipts, answers) : null;
    }

    /// <summary>Puts a fence behind what is in the rings; <see langword="false"/> when one is full. Once the loops have ended it counts as in, and its answers say that they have.</summary>
    public bool TryEnter(LoopFence fence) =>
        shards.TryEnterAll(new AcceptedEvent { Region = AcceptedEvent.EveryRegion }, fence.Receipts) || unavailable() == Rejection.Stopped;

    private Task<Rejection>[]? PublishToOne(AcceptedEvent accepted)
    {
        if (!outputs.Publications.TryEnter(out int receipt, out Task<Rejection> outcome))
        {
            return null;
        }

        accepted.Receipt = receipt;
        if (shards.TryEnter(accepted))
        {
            return [outcome];
        }

        outputs.Publications.Complete(receipt, Rejection.Busy);
        return null;
    }

    private Task<Rejection>[]? PublishToAll(in AcceptedEvent accepted)
    {
        var receipts = new int[shards.Count];
        var outcomes = new Task<Rejection>[shards.Count];
        bool canEnter = true;
        for (int i = 0; i < shards.Count; i++)
        {
            canEnter &= outputs.Publications.TryEnter(out receipts[i], out outcomes[i]);
        }

        if (canEnter && shards.TryEnterAll(accepted, receipts))
        {
            return outcomes;
        }

        Array.ForEach(receipts, receipt => outputs.Publications.Complete(receipt, Rejection.Busy));
        return null;
    }

    private static async Task<Rejection> FirstRefusalAsync(Task<Rejection>[] outcomes) =>
        (await Task.WhenAll(outcomes).ConfigureAwait(false)).FirstOrDefault(outcome => outcome != Rejection.None);
}
