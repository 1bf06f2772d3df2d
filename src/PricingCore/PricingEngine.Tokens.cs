using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Tokens;

namespace PricingCore;

/// <content>Signed quotes: handed out, and redeemed once.</content>
public sealed partial class PricingEngine
{
    private static readonly long MaxGraceMicros = UnixMicros.From(QuoteToken.MaxClockSkewGrace);

    private readonly QuoteSigner _signer;
    private readonly SipHash _redeemerHash;
    private volatile QuoteKeys? _keys;

    private QuoteKeys Keys => _keys ?? throw new InvalidOperationException("Quotes are not signed here: set PricingOptions.Signing.");

    /// <summary>Whether quotes are signed here: <see cref="PricingOptions.Signing"/> has keys.</summary>
    public bool SignsQuotes => _keys is not null;

    /// <summary>Signs a quote: a token that anybody with the keys can verify, see <see cref="QuoteToken"/>, and that is redeemed once.</summary>
    /// <param name="quote">The quote. Each call signs another offer of it, to be redeemed on its own.</param>
    /// <returns>A text of letters, digits, <c>-</c> and <c>_</c>, at most <see cref="QuoteToken.MaxLength"/> characters.</returns>
    /// <exception cref="ArgumentException">The quote is none, or its request id has more than 128 characters.</exception>
    /// <exception cref="InvalidOperationException"><see cref="PricingOptions.Signing"/> is not set, or no key signs now that outlives the quote.</exception>
    public string Sign(in Quote quote) => QuoteSigner.Sign(quote, Offer(quote));

    /// <summary>Makes an offer that was never made before, for <see cref="QuoteSigner.Sign"/>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="PricingOptions.Signing"/> is not set, or no key signs now that outlives the quote.</exception>
    internal QuoteOffer Offer(in Quote quote) => _signer.Offer(quote, Keys, Now);

    /// <summary>Signs and verifies with other keys from now on. What is signed with a key that is left out is refused from then on.</summary>
    /// <param name="keys">The keys, old ones that still verify among them.</param>
    /// <exception cref="InvalidOperationException"><see cref="PricingOptions.Signing"/> is not set.</exception>
    public void ReplaceKeys(QuoteKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        _ = Keys;
        _keys = keys;
    }

    /// <summary>Redeems a signed quote: the first redemption id owns it, and gets the same answer when it asks again.</summary>
    /// <remarks>A quote is honoured until it ends, whatever rules, model or price have done since.</remarks>
    /// <param name="token">What <see cref="Sign"/> made; any text at all.</param>
    /// <param name="redemptionId">Who redeems, for example a booking id: 1 to 128 characters. A call that is repeated brings the same.</param>
    /// <param name="expected">What the token must be about; anything unless set.</param>
    /// <param name="cancellationToken">Stops waiting; the quote may still be redeemed, so ask again with the same id.</param>
    /// <exception cref="ArgumentException">The redemption id is blank, too long, or has blanks at its ends.</exception>
    /// <exception cref="InvalidOperationException"><see cref="PricingOptions.Signing"/> is not set.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Redemption> RedeemAsync(
        string token, string redemptionId, QuoteExpectation expected = default, CancellationToken cancellationToken = default)
    {
        if (!EventGate.IsText(redemptionId, EventGate.MaxIdLength))
        {
            throw new ArgumentException($"A redemption id has 1 to {EventGate.MaxIdLength} characters and no blanks at its ends.", nameof(redemptionId));
        }

        // The end is the loop's to judge: a repeated call that comes late still gets its answer.
        long now = Now;
        long grace = UnixMicros.From(_options.Signing?.ClockSkewGrace ?? TimeSpan.Zero);
        TokenVerdict verdict = QuoteToken.Verify(token, Keys, now, earlyGrace: grace, lateGrace: MaxGraceMicros, expected, out SignedQuote quote);
        if (verdict != TokenVerdict.Valid)
        {
            return new Redemption(OutcomeOf(verdict), quote, null);
        }

        (ulong low, ulong high) = _redeemerHash.Hash128(redemptionId, salt: 0);
        RedemptionAnswer answer = await _core.Redemptions
            .RedeemAsync(_core.Regions.Find(quote.RegionId), quote, new UInt128(high, low), (uint)grace, now)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Redemption(answer.Outcome, quote, answer.FirstAt == 0 ? null : UnixMicros.ToTime(answer.FirstAt));
    }

    private static RedemptionOutcome OutcomeOf(TokenVerdict verdict) => verdict switch
    {
        TokenVerdict.UnknownKey => RedemptionOutcome.UnknownKey,
        TokenVerdict.Tampered => RedemptionOutcome.Tampered,
        TokenVerdict.Expired => RedemptionOutcome.Expired,
        TokenVerdict.NotYetValid => RedemptionOutcome.NotYetValid,
        TokenVerdict.OtherProduct => RedemptionOutcome.OtherProduct,
        _ => RedemptionOutcome.Malformed,
    };
}
