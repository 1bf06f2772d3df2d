using PricingCore.Events;
using PricingCore.Tokens;

namespace PricingCore;

/// <summary>Brings redemptions into the first shard's ring, and their answers back.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RedemptionDesk(Waiters<RedemptionAnswer> waiters, ShardSet shards, Func<bool> isClosed)
{
    /// <summary>Asks the loop to redeem a quote whose token was found genuine.</summary>
    /// <param name="region">The number of the quote's region; negative when it is not known.</param>
    /// <param name="quote">The quote.</param>
    /// <param name="redeemer">The hash of the redemption id.</param>
    /// <param name="graceMicros">For how long after its end the quote is honoured.</param>
    /// <param name="now">The time.</param>
    /// <returns>The answer; <see cref="RedemptionOutcome.Busy"/> when too many wait or the ring is full.</returns>
    public Task<RedemptionAnswer> RedeemAsync(int region, in SignedQuote quote, UInt128 redeemer, uint graceMicros, long now)
    {
        RedemptionOutcome refusal = isClosed() ? RedemptionOutcome.Stopped : RedemptionOutcome.Busy;
        if (!waiters.TryEnter(out int receipt, out Task<RedemptionAnswer> answer))
        {
            return Task.FromResult(new RedemptionAnswer(refusal, 0));
        }

        AcceptedEvent record = AcceptedEvent.QuoteRedeemed(
            Math.Max(region, AcceptedEvent.EveryRegion), quote.TokenHash, redeemer, Numerics.UnixMicros.From(quote.ValidUntil), graceMicros, now, receipt);
        if (isClosed() || !shards.TryEnter(record))
        {
            waiters.Complete(receipt, new RedemptionAnswer(refusal, 0));
        }

        return answer;
    }
}
