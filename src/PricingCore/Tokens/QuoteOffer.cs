namespace PricingCore.Tokens;

/// <summary>What makes a token of a quote one of its own: signed again as the same offer it is the same token to the last bit, so that it is redeemed once, whichever copy comes.</summary>
/// <param name="Key">The key that signs; null in the default value, which is no offer.</param>
/// <param name="MadeAtMicros">When it was made, in microseconds since 1970.</param>
/// <param name="NumberHigh">The upper half of its number: when the engine started.</param>
/// <param name="NumberLow">The lower half: a count.</param>
/// <threadsafety>Immutable.</threadsafety>
internal readonly record struct QuoteOffer(QuoteKey Key, long MadeAtMicros, ulong NumberHigh, ulong NumberLow)
{
    /// <summary>Whether it is one.</summary>
    public bool IsMade => Key is not null;
}
