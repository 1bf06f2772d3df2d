using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Surge;
using PricingCore.Tokens;
using static PricingCore.Tests.Tokens.SampleQuotes;

namespace PricingCore.Tests.Tokens;

/// <summary>
/// Goal: a token says what was signed, holds as long as it should, and every refusal has its own verdict.
/// Method: examples at both sides of each limit; the format is written a second time here, from docs/signed-quotes.md.
/// </summary>
public sealed class QuoteTokenTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);
    private static readonly QuoteKeys Keys = new(Key("k1"));

    [Fact]
    public void Verify_OfASignedQuote_GivesEveryFieldBack()
    {
        string token = Sign(Keys, Quote());

        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, Keys, Noon, Grace, out SignedQuote quote));
        Assert.Equal("midtown", quote.RegionId);
        Assert.Equal("standard", quote.ProductType);
        Assert.Equal(new Amount(1_425, Currency.FromCode("USD")), quote.Price);
        Assert.Equal(Noon, quote.IssuedAt);
        Assert.Equal(Noon.AddMinutes(2), quote.ValidUntil);
        Assert.Equal(new DecisionId(0x0123456789abcdef, 0xfedcba9876543210), quote.DecisionId);
        Assert.Equal(new UInt128(1_000_000, 1), quote.Number);
        Assert.Equal("r-1", quote.RequestId);
        Assert.Equal("k1", quote.KeyId);
    }

    [Fact]
    public void Sign_GivesTheDocumentedBytes()
    {
        using var bytes = new MemoryStream();
        bytes.Write([1, 2, (byte)'k', (byte)'1']);
        Number(1_425);
        bytes.Write("USD"u8);
        Number((ulong)Noon.ToUnixTimeMilliseconds() * 1_000);
        Number((ulong)Noon.AddMinutes(2).ToUnixTimeMilliseconds() * 1_000);
        Number(0x0123456789abcdef);
        Number(0xfedcba9876543210);
        Number(1_000_000);
        Number(1);
        Text("midtown");
        Text("standard");
        Text("r-1");
        bytes.Write(HMACSHA256.HashData(Secret(1), bytes.ToArray()));

        Assert.Equal(Base64Url.EncodeToString(bytes.ToArray()), Sign(Keys, Quote()));

        void Number(ulong number)
        {
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(eight, number);
            bytes.Write(eight);
        }

        void Text(string text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            bytes.Write([(byte)utf8.Length, (byte)(utf8.Length >> 8)]);
            bytes.Write(utf8);
        }
    }

    [Fact]
    public void Verify_UpToTheEndAndTheGrace_Holds()
    {
        string token = Sign(Keys, Quote());
        DateTimeOffset end = Noon.AddMinutes(2);

        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, Keys, end - Moment, TimeSpan.Zero, out _));
        Assert.Equal(TokenVerdict.Expired, QuoteToken.Verify(token, Keys, end, TimeSpan.Zero, out SignedQuote expired));
        Assert.Equal("midtown", expired.RegionId);
        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, Keys, end + Grace - Moment, Grace, out _));
        Assert.Equal(TokenVerdict.Expired, QuoteToken.Verify(token, Keys, end + Grace, Grace, out _));
    }

    [Fact]
    public void Verify_OfATokenFromTheFuture_HoldsWithinTheGrace()
    {
        string token = Sign(Keys, Quote());

        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, Keys, Noon - Grace, Grace, out _));
        Assert.Equal(TokenVerdict.NotYetValid, QuoteToken.Verify(token, Keys, Noon - Grace - Moment, Grace, out _));
    }

    [Fact]
    public void Verify_WithAnExpectation_NamesWhatIsOther()
    {
        string token = Sign(Keys, Quote());
        var right = new QuoteExpectation { RegionId = "midtown", ProductType = "standard", Price = new Amount(1_425, Currency.FromCode("USD")) };

        Assert.Equal(TokenVerdict.Valid, With(right));
        Assert.Equal(TokenVerdict.OtherProduct, With(right with { RegionId = "Midtown" }));
        Assert.Equal(TokenVerdict.OtherProduct, With(right with { ProductType = "xl" }));
        Assert.Equal(TokenVerdict.OtherProduct, With(right with { Price = new Amount(1_424, Currency.FromCode("USD")) }));
        Assert.Equal(TokenVerdict.OtherProduct, With(right with { Price = new Amount(1_425, Currency.FromCode("EUR")) }));

        TokenVerdict With(QuoteExpectation expected) => QuoteToken.Verify(token, Keys, Noon, Grace, expected, out _);
    }

    [Fact]
    public void Rotation_SignsWithTheNewestKeyThatHasBegun_AndVerifiesWithBoth()
    {
        DateTimeOffset change = Noon.AddHours(1);
        DateTimeOffset oldEnds = change.AddMinutes(10);
        var keys = new QuoteKeys(Key("old", 1, until: oldEnds), Key("new", 2, signsFrom: change));

        string before = Sign(keys, Quote(validUntil: change.AddMinutes(1)), change - Moment);
        string after = Sign(keys, Quote(validUntil: change.AddMinutes(2)), change);

        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(before, keys, change.AddSeconds(30), Grace, out SignedQuote first));
        Assert.Equal("old", first.KeyId);
        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(after, keys, change.AddSeconds(30), Grace, out SignedQuote second));
        Assert.Equal("new", second.KeyId);
        Assert.Equal(TokenVerdict.Expired, QuoteToken.Verify(before, keys, oldEnds - Moment, Grace, out _));
        Assert.Equal(TokenVerdict.UnknownKey, QuoteToken.Verify(before, keys, oldEnds + Grace, Grace, out _));
        Assert.Equal(TokenVerdict.UnknownKey, QuoteToken.Verify(before, new QuoteKeys(Key("new", 2)), Noon, Grace, out _));
    }

    [Fact]
    public void Sign_OfTheSameOffer_GivesTheSameToken_AndOfAnotherAnother()
    {
        Quote quote = Quote();
        var signer = new QuoteSigner(1);
        QuoteOffer offer = signer.Offer(quote, Keys, PricingCore.Numerics.UnixMicros.From(Noon));

        Quote again = quote.Keep().For(quote.Request);

        Assert.Equal(quote, again);
        Assert.Equal(QuoteSigner.Sign(quote, offer), QuoteSigner.Sign(again, offer));
        Assert.NotEqual(QuoteSigner.Sign(quote, offer), QuoteSigner.Sign(quote, signer.Offer(quote, Keys, offer.MadeAtMicros)));
    }

    [Fact]
    public void Sign_WithNoKeyThatOutlivesTheQuote_IsRefused()
    {
        var keys = new QuoteKeys(Key("k1", until: Noon.AddMinutes(2)));

        Assert.Throws<InvalidOperationException>(() => Sign(keys, Quote(validUntil: Noon.AddMinutes(2))));
        string token = Sign(keys, Quote(validUntil: Noon.AddMinutes(2) - Moment));
        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, keys, Noon.AddMinutes(2) - Moment - Moment, TimeSpan.Zero, out _));
    }

    [Fact]
    public void Sign_OfTheLongestTexts_StaysWithinTheLongestToken()
    {
        string name = new('\u20ac', TokenLayout.MaxNameLength);
        string request = new('\u20ac', TokenLayout.MaxRequestIdLength);
        var keys = new QuoteKeys(Key(new string('k', QuoteKey.MaxIdLength)));

        string token = Sign(keys, Quote(name, name, long.MaxValue, requestId: request));

        Assert.Equal(QuoteToken.MaxLength, token.Length);
        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, keys, Noon, Grace, out SignedQuote quote));
        Assert.Equal(request, quote.RequestId);
        Assert.Throws<ArgumentException>(() => Sign(keys, Quote(requestId: request + "x")));
        Assert.Throws<ArgumentException>("quote", () => Sign(keys, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("not a token")]
    [InlineData("====")]
    public void Verify_OfNoToken_IsMalformed(string? text) =>
        Assert.Equal(TokenVerdict.Malformed, QuoteToken.Verify(text, Keys, Noon, Grace, out _));

    [Fact]
    public void Verify_OfAHugeText_IsRefusedUnread()
    {
        string huge = new('A', 10_000_000);
        Assert.Equal(TokenVerdict.Malformed, QuoteToken.Verify(huge, Keys, Noon, Grace, out _));
        Assert.Equal(0, AllocatedBytes.Of(() => QuoteToken.Verify(huge, Keys, Noon, Grace, out _)));
    }

    [Fact]
    public void Verify_OfAnImpossibleQuoteUnderAGenuineSignature_IsMalformed()
    {
        string genuine = Sign(Keys, Quote());
        byte[] bytes = Base64Url.DecodeFromChars(genuine);
        bytes[4 + 7] = 0x80; // A negative amount.
        HMACSHA256.HashData(Secret(1), bytes.AsSpan(..^32), bytes.AsSpan(^32..));
        Assert.Equal(TokenVerdict.Malformed, QuoteToken.Verify(Base64Url.EncodeToString(bytes), Keys, Noon, Grace, out SignedQuote quote));
        Assert.Equal(default, quote);
    }

    [Fact]
    public void Keys_NeverShowTheirSecret()
    {
        byte[] secret = Encoding.ASCII.GetBytes("super-secret-secret-of-32-bytes!");
        var key = new QuoteKey("k1", secret);
        string shown = key + " " + new QuoteKeys(key)
            + Assert.Throws<ArgumentException>(() => new QuoteKeys(key, new QuoteKey("k2", secret)))
            + Assert.Throws<ArgumentException>(() => new QuoteKey("k 2", secret))
            + Assert.Throws<ArgumentException>(() => new QuoteKey("k2", secret.AsSpan(1)));

        Assert.DoesNotContain("super", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(secret), shown, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(secret), shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_AllocatesTheTextOnly_AndVerifyNothingForAForgery()
    {
        var signer = new QuoteSigner(1);
        Quote quote = Quote();
        string token = Sign(Keys, quote);
        long ofTheText = AllocatedBytes.Of(() => Keep(new string('x', token.Length)));
        Assert.Equal(ofTheText, AllocatedBytes.Of(() => Keep(QuoteSigner.Sign(quote, signer.Offer(quote, Keys, 1_772_625_600_000_000)))));

        string forged = token[..^4] + (token[^4] == 'A' ? "B" : "A") + token[^3..];
        Assert.Equal(TokenVerdict.Tampered, QuoteToken.Verify(forged, Keys, Noon, Grace, out _));
        Assert.Equal(0, AllocatedBytes.Of(() => QuoteToken.Verify(forged, Keys, Noon, Grace, out _)));
    }

    private static void Keep(string text) => Assert.NotEmpty(text);
}
