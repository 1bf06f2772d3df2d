using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Surge;

namespace PricingCore.Tokens;

/// <summary>The bytes of a token: docs/signed-quotes.md describes each.</summary>
/// <remarks>All numbers are little-endian; a text is UTF-8 after its length in bytes, a 16-bit number.</remarks>
internal static class TokenLayout
{
    public const byte Version = 1;

    /// <summary>Bytes of the signature, which is the end of a token.</summary>
    public const int SignatureBytes = HMACSHA256.HashSizeInBytes;

    /// <summary>The longest region or product, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The longest request id, in characters.</summary>
    public const int MaxRequestIdLength = 128;

    /// <summary>The most bytes of a token.</summary>
    public const int MaxBytes = 2 + QuoteKey.MaxIdLength + FixedBytes
        + (3 * LengthBytes) + (MaxUtf8 * (MaxNameLength + MaxNameLength + MaxRequestIdLength)) + SignatureBytes;

    /// <summary>The fewest: a key of one character and texts that are empty.</summary>
    public const int MinBytes = 2 + 1 + FixedBytes + (3 * LengthBytes) + SignatureBytes;

    private const int MaxUtf8 = 3; // Bytes for a UTF-16 character.
    private const int LengthBytes = sizeof(ushort);
    private const int CurrencyBytes = 3;
    private const int FixedBytes = (7 * sizeof(ulong)) + CurrencyBytes;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly long LatestMicros = UnixMicros.From(DateTimeOffset.MaxValue);

    /// <summary>Writes everything but the signature.</summary>
    /// <returns>How many bytes.</returns>
    /// <exception cref="ArgumentException">A text is too long, or is not valid UTF-16.</exception>
    public static int Write(Span<byte> to, QuoteKey key, in SignedQuote quote)
    {
        to[0] = Version;
        to[1] = (byte)key.IdBytes.Length;
        key.IdBytes.CopyTo(to[2..]);
        int at = 2 + key.IdBytes.Length;
        at += WriteNumber(to[at..], (ulong)quote.Price.MinorUnits);
        at += Encoding.ASCII.GetBytes(quote.Price.Currency.Code, to.Slice(at, CurrencyBytes));
        at += WriteNumber(to[at..], (ulong)UnixMicros.From(quote.IssuedAt));
        at += WriteNumber(to[at..], (ulong)UnixMicros.From(quote.ValidUntil));
        at += WriteNumber(to[at..], quote.DecisionId.High);
        at += WriteNumber(to[at..], quote.DecisionId.Low);
        at += WriteNumber(to[at..], (ulong)(quote.Number >> 64));
        at += WriteNumber(to[at..], (ulong)(quote.Number & ulong.MaxValue));
        at += WriteText(to[at..], quote.RegionId, MaxNameLength, "region");
        at += WriteText(to[at..], quote.ProductType, MaxNameLength, "product");
        return at + WriteText(to[at..], quote.RequestId, MaxRequestIdLength, "request id");
    }

    /// <summary>The bytes of the key id that a token names; empty when there are none.</summary>
    public static ReadOnlySpan<byte> KeyIdOf(ReadOnlySpan<byte> token) =>
        token.Length >= MinBytes && token[0] == Version && token[1] is > 0 and <= QuoteKey.MaxIdLength && token.Length >= MinBytes - 1 + token[1]
            ? token.Slice(2, token[1])
            : [];

    /// <summary>Reads what a genuine token says.</summary>
    /// <param name="signed">The token without its signature.</param>
    /// <param name="key">The key that it names.</param>
    /// <param name="quote">What it says.</param>
    /// <returns><see langword="false"/> when it says something impossible.</returns>
    public static bool TryRead(ReadOnlySpan<byte> signed, QuoteKey key, out SignedQuote quote)
    {
        quote = default;
        ReadOnlySpan<byte> rest = signed[(2 + key.IdBytes.Length)..];
        long minorUnits = ReadSigned(ref rest);
        bool isKnownCurrency = Currency.TryFromCode(Encoding.ASCII.GetString(rest[..CurrencyBytes]), out Currency currency);
        rest = rest[CurrencyBytes..];
        long issuedAt = ReadSigned(ref rest);
        long validUntil = ReadSigned(ref rest);
        var decision = new DecisionId(ReadNumber(ref rest), ReadNumber(ref rest));
        var number = new UInt128(ReadNumber(ref rest), ReadNumber(ref rest));
        if (!isKnownCurrency || minorUnits < 0 || issuedAt < 0 || issuedAt > LatestMicros || validUntil < 0 || validUntil > LatestMicros
            || !TryReadText(ref rest, out string region) || !TryReadText(ref rest, out string product) || !TryReadText(ref rest, out string request)
            || rest.Length != 0)
        {
            return false;
        }

        quote = new SignedQuote
        {
            RegionId = region,
            ProductType = product,
            Price = new Amount(minorUnits, currency),
            IssuedAt = UnixMicros.ToTime(issuedAt),
            ValidUntil = UnixMicros.ToTime(validUntil),
            DecisionId = decision,
            Number = number,
            RequestId = request.Length == 0 ? null : request,
            KeyId = key.Id,
        };
        return true;
    }

    private static int WriteNumber(Span<byte> to, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, number);
        return sizeof(ulong);
    }

    private static int WriteText(Span<byte> to, string? text, int maxLength, string what)
    {
        if (text?.Length > maxLength)
        {
            throw new ArgumentException($"The {what} has {text.Length} characters; a signed quote takes at most {maxLength}.");
        }

        int count = Utf8.GetBytes(text, to[LengthBytes..]);
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)count);
        return LengthBytes + count;
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> rest)
    {
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        rest = rest[sizeof(ulong)..];
        return number;
    }

    private static long ReadSigned(ref ReadOnlySpan<byte> rest) => unchecked((long)ReadNumber(ref rest)); // Negative ones are refused later.

    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < LengthBytes)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[LengthBytes..];
        if (count > rest.Length || !System.Text.Unicode.Utf8.IsValid(rest[..count]))
        {
            return false;
        }

        text = Utf8.GetString(rest[..count]);
        rest = rest[count..];
        return true;
    }
}
