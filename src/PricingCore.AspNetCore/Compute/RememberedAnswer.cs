using PricingCore.Quotes;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Compute;

/// <summary>What is kept of an answer, to give it again.</summary>
/// <param name="Quote">The quote.</param>
/// <param name="Offer">The offer that it is signed as; none when it is not.</param>
/// <threadsafety>Immutable.</threadsafety>
internal readonly record struct RememberedAnswer(KeptQuote Quote, QuoteOffer Offer)
{
    /// <summary>The answer to a request, or to its repetition.</summary>
    public PricedAnswer For(in QuoteRequest request)
    {
        Quote quote = Quote.For(request);
        return new PricedAnswer(quote, Offer.IsMade ? QuoteSigner.Sign(quote, Offer) : null);
    }
}
