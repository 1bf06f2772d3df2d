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

    /// <summary>Takes a place among those who wait for their event to be applied.</summary>
    public bool TryAwaitPublication(out int receipt, out Task<Rejection> outcome) => outputs.Publications.TryEnter(out receipt, out outcome);

    /// <summary>Answers somebody who waits for a publication that did not enter.</summary>
    public void CancelPublication(int receipt, Rejection outcome) => outputs.Publications.Complete(receipt, outcome);
}
