using System.Runtime.CompilerServices;
using PricingCore.Numerics;
using PricingCore.Quotes;

namespace PricingCore.Tokens;

/// <summary>Signs quotes as offers, each with a number of its own.</summary>
/// <remarks>Allocates the token's text and nothing else.</remarks>
/// <param name="startMicros">When the engine started: no two starts of an engine share it, so no two quotes share a number.</param>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class QuoteSigner(long startMicros)
{
    private long _count;

    /// <summary>Makes an offer that was never made before.</summary>
    /// <param name="quote">The quote.</param>
    /// <param name="keys">The keys to choose from.</param>
    /// <param name="now">The time in microseconds.</param>
    /// <exception cref="InvalidOperationException">No key signs at this time for so long.</exception>
    public QuoteOffer Offer(in Quote quote, QuoteKeys keys, long now)
    {
        QuoteKey key = keys.FindSigning(now, UnixMicros.From(quote.ValidUntil))
            ?? throw new InvalidOperationException(
                $"None of the keys {keys} signs now and outlives the quote; add a key that ends later, and replace the keys before the last one ends.");
        return new QuoteOffer(key, now, (ulong)startMicros, (ulong)Interlocked.Increment(ref _count));
    }

    /// <summary>The token of an offer: the same one each time.</summary>
    /// <param name="quote">The quote.</param>
    /// <param name="offer">The offer of this quote.</param>
    /// <exception cref="ArgumentException">The quote is none, or has a text that is too long.</exception>
    [SkipLocalsInit] // The longest token takes a kilobyte of stack.
    public static string Sign(in Quote quote, in QuoteOffer offer)
    {
        if (quote.Decision is not { } decision)
        {
            throw new ArgumentException("The default value is no quote, so there is nothing to sign.", nameof(quote));
        }

        var content = new SignedQuote
        {
            RegionId = decision.RegionId,
            ProductType = decision.ProductType,
            Price = quote.Price,
            IssuedAt = UnixMicros.ToTime(offer.MadeAtMicros),
            ValidUntil = quote.ValidUntil,
            DecisionId = decision.Id,
            Number = new UInt128(offer.NumberHigh, offer.NumberLow),
            RequestId = quote.Request.RequestId,
        };
        Span<byte> bytes = stackalloc byte[TokenLayout.MaxBytes];
        int signed = TokenLayout.Write(bytes, offer.Key, content);
        offer.Key.Sign(bytes[..signed], bytes.Slice(signed, TokenLayout.SignatureBytes));
        return QuoteToken.Encode(bytes[..(signed + TokenLayout.SignatureBytes)]);
    }
}
