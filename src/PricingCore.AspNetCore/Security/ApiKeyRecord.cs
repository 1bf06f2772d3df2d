using System.Security.Cryptography;
using System.Text;

namespace PricingCore.AspNetCore.Security;

/// <summary>What is kept of an API key: enough to recognise it, not enough to use it.</summary>
/// <remarks>
/// The hash is HMAC-SHA-256 of the secret under a random salt. A slow hash such as PBKDF2 makes guessing a password expensive; this secret is 256
/// random bits, which nobody guesses at any speed, and a slow hash would let anybody burn our CPU by sending wrong keys.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record ApiKeyRecord(string Id, byte[] Salt, byte[] Hash, PricingScopes Scopes, DateTimeOffset ExpiresAt, int? RequestsPerMinute)
{
    public const int SaltBytes = 16;
    public const int HashBytes = HMACSHA256.HashSizeInBytes;

    /// <summary>The hash of a secret.</summary>
    public static byte[] HashOf(ReadOnlySpan<char> secret, byte[] salt)
    {
        Span<byte> utf8 = stackalloc byte[3 * ApiKey.SecretLength];
        int length = Encoding.UTF8.GetBytes(secret, utf8);
        return HMACSHA256.HashData(salt, utf8[..length]);
    }

    /// <summary>Whether a secret is this key's, in a time that does not depend on how much of it is right.</summary>
    public bool IsSecret(ReadOnlySpan<char> secret) => CryptographicOperations.FixedTimeEquals(HashOf(secret, Salt), Hash);

    /// <summary>No hash, no salt.</summary>
    public override string ToString() => $"ApiKeyRecord {{ {Scopes} }}";
}
