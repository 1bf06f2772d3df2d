namespace PricingCore.Tokens;

/// <summary>The answer to redeeming a signed quote.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Quote">What the token says; default unless it is genuine.</param>
/// <param name="RedeemedAt">When it was first redeemed; null when it was not.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct Redemption(RedemptionOutcome Outcome, SignedQuote Quote, DateTimeOffset? RedeemedAt)
{
    /// <summary>Whether the caller's redemption id owns the quote, now or since before.</summary>
    public bool IsOwned => Outcome is RedemptionOutcome.Redeemed or RedemptionOutcome.AlreadyRedeemed;
}
