namespace PricingCore.Tokens;

/// <summary>What the loop says to a redemption.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="FirstAt">When the quote was first redeemed, in microseconds; 0 when it was not.</param>
internal readonly record struct RedemptionAnswer(RedemptionOutcome Outcome, long FirstAt);
