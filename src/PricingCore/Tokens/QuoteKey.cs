using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PricingCore.Numerics;

namespace PricingCore.Tokens;

/// <summary>A secret that signs quotes, with its public name and the time in which it is used.</summary>
/// <remarks>
/// A token names its key by <see cref="Id"/>. To rotate, add a key whose <see cref="SignsFrom"/> lies ahead on every host that verifies,
/// and let the old one end some time later: meanwhile both verify, and only the newest signs.
/// The secret is never given back, printed or put into an exception.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
public sealed class QuoteKey
{
    /// <summary>The longest id, in characters: 64.</summary>
    public const int MaxIdLength = 64;

    /// <summary>The shortest secret, in bytes: 32, as many as the signature has.</summary>
    public const int MinSecretBytes = 32;

    /// <summary>The longest secret, in bytes: 1,024.</summary>
    public const int MaxSecretBytes = 1_024;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly byte[] _secret;
    private readonly KeyedHashes _hashes;

    /// <summary>Makes a key.</summary>
    /// <param name="id">Names the key in tokens: 1 to 64 letters, digits, <c>-</c> or <c>_</c>.</param>
    /// <param name="secret">From 32 to 1,024 random bytes; copied.</param>
    /// <param name="signsFrom">From when it signs, unless a newer one does; since ever when null.</param>
    /// <param name="until">Until when it signs and verifies; for ever when null. No quote is signed that would outlive its key.</param>
    /// <exception cref="ArgumentException">The id, the length of the secret or the times are not legal.</exception>
    public QuoteKey(string id, ReadOnlySpan<byte> secret, DateTimeOffset? signsFrom = null, DateTimeOffset? until = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > MaxIdLength || id.AsSpan().ContainsAnyExcept(IdCharacters))
        {
            throw new ArgumentException($"A key's id has 1 to {MaxIdLength} letters, digits, '-' or '_'; '{id}' has not.", nameof(id));
        }

        if (secret.Length is < MinSecretBytes or > MaxSecretBytes)
        {
            throw new ArgumentException($"The secret of key '{id}' has {secret.Length} bytes; it must have {MinSecretBytes} to {MaxSecretBytes}.", nameof(secret));
        }

        SignsFrom = signsFrom ?? DateTimeOffset.UnixEpoch;
        Until = until ?? DateTimeOffset.MaxValue;
        if (Until <= SignsFrom)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Key '{id}' ends at {Until:O}, which must be after {SignsFrom:O}, from when it signs."), nameof(until));
        }

        Id = id;
        IdBytes = Encoding.ASCII.GetBytes(id);
        FromMicros = UnixMicros.From(SignsFrom);
        UntilMicros = UnixMicros.From(Until);
        _secret = secret.ToArray();
        _hashes = new KeyedHashes(_secret);
    }

    /// <summary>Names the key in tokens.</summary>
    public string Id { get; }

    /// <summary>From when it signs, unless a newer one does.</summary>
    public DateTimeOffset SignsFrom { get; }

    /// <summary>Until when it signs and verifies.</summary>
    public DateTimeOffset Until { get; }

    internal byte[] IdBytes { get; }

    internal long FromMicros { get; }

    internal long UntilMicros { get; }

    /// <summary>The id and the times; never the secret.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} ({SignsFrom:O} to {Until:O})");

    /// <summary>The HMAC-SHA-256 of some bytes.</summary>
    internal void Sign(ReadOnlySpan<byte> bytes, Span<byte> signature) => _hashes.Compute(bytes, signature);

    /// <summary>Whether a signature is that of the bytes. Takes the same time whichever of its bytes is wrong.</summary>
    internal bool IsSignature(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hashes.Compute(bytes, right);
        return CryptographicOperations.FixedTimeEquals(right, signature);
    }

    internal bool HasSecretOf(QuoteKey other) => CryptographicOperations.FixedTimeEquals(_secret, other._secret);
}
