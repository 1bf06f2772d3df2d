using System.Buffers.Text;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Quotes;
using PricingCore.Tests.Rules;
using PricingCore.Tokens;
using static PricingCore.Tests.Tokens.SampleQuotes;

namespace PricingCore.Tests.Tokens;

/// <summary>
/// Goal: what was signed verifies, and nothing else ever does, nor does it throw.
/// Method: random quotes there and back; every single character and bit of a token altered, exhaustively; random and mutated texts.
/// Control: with the comparison of signatures cut to their first byte, the altered bytes and bits are found valid; without the check that a
/// text is the only spelling of its bytes, the altered characters are.
/// </summary>
public sealed class QuoteTokenProperties
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly QuoteKeys Keys = new(Key("k1"), Key("k2", 2));

    [Fact]
    public void Verify_OfAnySignedQuote_GivesItBack() => Draws.Hold(draws =>
    {
        string region = Text(draws, TokenLayout.MaxNameLength);
        string product = Text(draws, TokenLayout.MaxNameLength);
        string request = Text(draws, TokenLayout.MaxRequestIdLength);
        DateTimeOffset end = Noon.AddMilliseconds(draws.Int(1, 86_400_000));
        Quote signed = Quote(region, product, draws.Long(0, long.MaxValue / 4), draws.Coin() ? "JPY" : "KWD", request, end);

        string token = Sign(Keys, signed);

        Assert.True(Base64Url.IsValid(token) && !token.Contains('=', StringComparison.Ordinal));
        Assert.Equal(TokenVerdict.Valid, QuoteToken.Verify(token, Keys, Noon, TimeSpan.Zero, out SignedQuote read));
        Assert.Equal((region, product, request.Length == 0 ? null : request), (read.RegionId, read.ProductType, read.RequestId));
        Assert.Equal((signed.Price, end, Noon), (read.Price, read.ValidUntil, read.IssuedAt));
    });

    [Fact]
    public void Sign_Twice_NeverGivesTheSameToken()
    {
        var signer = new QuoteSigner(1);
        string[] tokens = new string[4_000];
        Parallel.For(0, tokens.Length, i => tokens[i] = Sign(Keys, Quote(), signer: signer));

        Assert.Equal(tokens.Length, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tokens, token => Assert.Equal(TokenVerdict.Valid, Check(token)));
    }

    [Theory]
    [InlineData("r-1")]
    [InlineData("r-12")]
    [InlineData("r-123")]
    public void Verify_OfAnySingleCharacterAltered_NeverHolds(string requestId)
    {
        string token = Sign(Keys, Quote(requestId: requestId)); // Three lengths, so that each way of ending is met.
        Assert.Equal(TokenVerdict.Valid, Check(token));
        foreach (int at in Enumerable.Range(0, token.Length))
        {
            foreach (char other in Alphabet + "=+/ \n.\0\u20ac")
            {
                Assert.True(other == token[at] || Check(token[..at] + other + token[(at + 1)..]) != TokenVerdict.Valid, $"{at}: '{other}'");
                Assert.True(Check(token[..at] + other + token[at..]) != TokenVerdict.Valid, $"{at}: '{other}' put in");
            }

            Assert.NotEqual(TokenVerdict.Valid, Check(token.Remove(at, 1)));
            Assert.NotEqual(TokenVerdict.Valid, Check(token[..at]));
        }

        foreach (string ending in Alphabet.Select(c => c.ToString()).Concat(["=", "==", " ", "\n", "\r\n"]))
        {
            Assert.NotEqual(TokenVerdict.Valid, Check(token + ending));
        }
    }

    [Fact]
    public void Verify_OfAnySingleBitAltered_NeverHolds()
    {
        byte[] bytes = Base64Url.DecodeFromChars(Sign(Keys, Quote()));
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            byte[] altered = [.. bytes];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            TokenVerdict verdict = Check(Base64Url.EncodeToString(altered));
            Assert.True(verdict is TokenVerdict.Tampered or TokenVerdict.UnknownKey or TokenVerdict.Malformed, $"bit {bit}: {verdict}");
        }
    }

    [Fact]
    public void Verify_OfATokenOfAnotherKey_NeverHolds() => Draws.Hold(draws =>
    {
        byte[] secret = [.. Enumerable.Range(0, 32 + draws.Int(0, 100)).Select(_ => (byte)draws.Int(0, 255))];
        bool hasSameId = draws.Coin();
        string token = Sign(new QuoteKeys(new QuoteKey(hasSameId ? "k1" : "k3", secret)), Quote());

        Assert.Equal(hasSameId ? TokenVerdict.Tampered : TokenVerdict.UnknownKey, Check(token));
    });

    [Fact]
    public void Verify_OfRandomTexts_NeitherThrowsNorHolds() =>
        FsCheck.Fluent.Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            string token = Sign(Keys, Quote(requestId: Texts(random, random.Next(64), Alphabet)));
            for (int i = 0; i < 300; i++)
            {
                string text = random.Next(4) switch
                {
                    0 => Texts(random, random.Next(2_000), Alphabet),
                    1 => Texts(random, random.Next(600), Alphabet + "=+/ \n\u20ac\ud800"),
                    2 => Base64Url.EncodeToString([1, 2, (byte)'k', (byte)'1', .. Bytes(random, random.Next(900))]), // A head that leads on.
                    _ => Mutate(random, token),
                };
                Assert.True(text == token || Check(text) != TokenVerdict.Valid, text);
            }
        }).QuickCheckThrowOnFailure();

    private static TokenVerdict Check(string token) => QuoteToken.Verify(token, Keys, Noon, TimeSpan.Zero, out _);

    private static string Text(Draws draws, int maxLength)
    {
        int length = draws.Int(0, maxLength);
        char first = "a\u00e9\u20ac\u0000\uffff"[draws.Int(0, 4)];
        string text = new(first, length);
        return draws.Coin() && length > 1 ? "\U0001f695" + text[2..] : text;
    }

    private static string Texts(Random random, int length, string from) => string.Create(length, random, (to, r) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from[r.Next(from.Length)];
        }
    });

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Mutate(Random random, string token)
    {
        byte[] bytes = Base64Url.DecodeFromChars(token);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return Base64Url.EncodeToString(bytes.AsSpan(0, random.Next(8) == 0 ? random.Next(bytes.Length) : bytes.Length));
    }
}
