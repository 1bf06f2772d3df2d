using System.Runtime.CompilerServices;
using PricingCore.Numerics;
using PricingCore.Quotes;

namespace PricingCore.Tokens;

/// <summary>Signs quotes, each with a number of its own.</summary>
/// <remarks>Allocates the token's text and nothing else.</remarks>
/// <param name="startMicros">When the engine started: no two starts of an engine share it, so no two quotes share a number.</param>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class QuoteSigner(long startMicros)
{
    private long _count;

    /// <summary>The token of a quote; each call makes another one, which can be redeemed on its own.</summary>
    /// <param name="quote">The quote.</param>
    /// <param name="keys">The keys to choose from.</param>
    /// <param name="now">The time in microseconds.</param>
    /// <exception cref="ArgumentException">The quote is none, or has a text that is too long.</exception>
    /// <exception cref="InvalidOperationException">No key signs at this time for so long.</exception>
    [SkipLocalsInit] // The longest token takes a kilobyte of stack.
    public string Sign(in Quote quote, QuoteKeys keys, long now)
    {
        if (quote.Decision is not { } decision)
        {
            throw new ArgumentException("The default value is no quote, so there is nothing to sign.", nameof(quote));
        }

        QuoteKey key = keys.FindSigning(now, UnixMicros.From(quote.ValidUntil))
            ?? throw new InvalidOperationException(
                $"None of the keys {keys} signs now and outlives the quote; add a key that ends later, and replace the keys before the last one ends.");
        var content = new SignedQuote
        {
            RegionId = decision.RegionId,
            ProductType = decision.ProductType,
            Price = quote.Price,
            IssuedAt = UnixMicros.ToTime(now),
            ValidUntil = quote.ValidUntil,
            DecisionId = decision.Id,
            Number = new UInt128((ulong)startMicros, (ulong)Interlocked.Increment(ref _count)),
            RequestId = quote.Request.RequestId,
        };
        Span<byte> bytes = stackalloc byte[TokenLayout.MaxBytes];
        int signed = TokenLayout.Write(bytes, key, content);
        key.Sign(bytes[..signed], bytes.Slice(signed, TokenLayout.SignatureBytes));
        return QuoteToken.Encode(bytes[..(signed + TokenLayout.SignatureBytes)]);
    }
}
