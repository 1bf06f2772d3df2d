using System.Buffers.Text;
using System.Runtime.CompilerServices;
using PricingCore.Numerics;

namespace PricingCore.Tokens;

/// <summary>Checks the tokens of signed quotes. Needs the keys and a clock, and nothing else of an engine.</summary>
/// <remarks>docs/signed-quotes.md describes the format, so that other languages can check tokens too.</remarks>
/// <threadsafety>Pure functions.</threadsafety>
public static class QuoteToken
{
    /// <summary>The longest token, in characters; a longer text is refused unread.</summary>
    public const int MaxLength = ((TokenLayout.MaxBytes * 4) + 2) / 3;

    /// <summary>The largest difference of clocks that a check may allow for: 60 seconds.</summary>
    public static TimeSpan MaxClockSkewGrace { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Checks a token.</summary>
    /// <param name="token">The token; any text at all, also null.</param>
    /// <param name="keys">The keys that may have signed it.</param>
    /// <param name="now">The time.</param>
    /// <param name="clockSkewGrace">How much the clocks of issuer and checker may differ; from 0 to 60 seconds.</param>
    /// <param name="quote">What the token says; default unless it is genuine, which an expired one is too.</param>
    /// <returns><see cref="TokenVerdict.Valid"/>, or why not.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clockSkewGrace"/> is outside 0 to 60 seconds.</exception>
    public static TokenVerdict Verify(string? token, QuoteKeys keys, DateTimeOffset now, TimeSpan clockSkewGrace, out SignedQuote quote) =>
        Verify(token, keys, now, clockSkewGrace, expected: default, out quote);

    /// <summary>Checks a token, and that it is about what was expected.</summary>
    /// <param name="token">The token; any text at all, also null.</param>
    /// <param name="keys">The keys that may have signed it.</param>
    /// <param name="now">The time.</param>
    /// <param name="clockSkewGrace">How much the clocks of issuer and checker may differ; from 0 to 60 seconds.</param>
    /// <param name="expected">The region, product and price that it must be about.</param>
    /// <param name="quote">What the token says; default unless it is genuine, which an expired one is too.</param>
    /// <returns><see cref="TokenVerdict.Valid"/>, or why not.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clockSkewGrace"/> is outside 0 to 60 seconds.</exception>
    public static TokenVerdict Verify(
        string? token, QuoteKeys keys, DateTimeOffset now, TimeSpan clockSkewGrace, in QuoteExpectation expected, out SignedQuote quote)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentOutOfRangeException.ThrowIfLessThan(clockSkewGrace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clockSkewGrace, MaxClockSkewGrace);
        long grace = UnixMicros.From(clockSkewGrace);
        return Verify(token, keys, UnixMicros.From(now), earlyGrace: grace, lateGrace: grace, expected, out quote);
    }

    /// <summary>The same, in microseconds, and with a grace of its own for the end.</summary>
    [SkipLocalsInit] // The longest token takes a kilobyte of stack, and its text two.
    internal static TokenVerdict Verify(
        string? token, QuoteKeys keys, long now, long earlyGrace, long lateGrace, in QuoteExpectation expected, out SignedQuote quote)
    {
        quote = default;
        Span<byte> bytes = stackalloc byte[TokenLayout.MaxBytes];
        if (!TryDecode(token, bytes, out int count))
        {
            return TokenVerdict.Malformed;
        }

        bytes = bytes[..count];
        ReadOnlySpan<byte> keyId = TokenLayout.KeyIdOf(bytes);
        if (keyId.IsEmpty)
        {
            return TokenVerdict.Malformed;
        }

        if (keys.Find(keyId) is not { } key || now - lateGrace >= key.UntilMicros)
        {
            return TokenVerdict.UnknownKey;
        }

        ReadOnlySpan<byte> signed = bytes[..^TokenLayout.SignatureBytes];
        ReadOnlySpan<byte> signature = bytes[^TokenLayout.SignatureBytes..];
        if (!key.IsSignature(signed, signature))
        {
            return TokenVerdict.Tampered;
        }

        if (!TokenLayout.TryRead(signed, key, out quote))
        {
            return TokenVerdict.Malformed;
        }

        (ulong low, ulong high) = SipHash.Public.Hash128(signature);
        quote = quote with { TokenHash = new UInt128(high, low) };
        return now - lateGrace >= UnixMicros.From(quote.ValidUntil) ? TokenVerdict.Expired
            : now + earlyGrace < UnixMicros.From(quote.IssuedAt) ? TokenVerdict.NotYetValid
            : !expected.Holds(quote) ? TokenVerdict.OtherProduct
            : TokenVerdict.Valid;
    }

    /// <summary>The text of a token's bytes.</summary>
    [SkipLocalsInit]
    internal static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[MaxLength];
        return new string(text[..Base64Url.EncodeToChars(bytes, text)]);
    }

    /// <summary>The bytes of a token's text, if it is the one text that has them.</summary>
    [SkipLocalsInit]
    private static bool TryDecode(string? token, Span<byte> bytes, out int count)
    {
        count = 0;
        if (token is null || token.Length > MaxLength
            || !Base64Url.IsValid(token, out int decoded) || decoded < TokenLayout.MinBytes || decoded > bytes.Length
            || !Base64Url.TryDecodeFromChars(token, bytes, out count))
        {
            return false;
        }

        // Base64 can be padded, spaced and end in bits that do not count; a token has no second spelling.
        Span<char> again = stackalloc char[MaxLength];
        return Base64Url.TryEncodeToChars(bytes[..count], again, out int length) && token.AsSpan().SequenceEqual(again[..length]);
    }
}
