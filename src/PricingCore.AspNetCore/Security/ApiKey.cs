using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace PricingCore.AspNetCore.Security;

/// <summary>Makes API keys: <c>pck_</c>, the key's id, <c>_</c>, and a secret of 256 random bits.</summary>
/// <remarks>The beginning lets scanners of source code find a key that was committed by mistake.</remarks>
public static class ApiKey
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "pck_";

    internal const int IdLength = 16;
    internal const int SecretLength = 43; // 32 bytes in base64url.
    internal const int TextLength = 4 + IdLength + 1 + SecretLength;

    private const int SecretBytes = 32;

    /// <summary>Makes a key.</summary>
    /// <param name="scopes">What it allows; not none.</param>
    /// <param name="expiresAt">Until when.</param>
    /// <param name="entry">The entry for the key file, as JSON; it does not reveal the key.</param>
    /// <param name="owner">Whose it is, for people who read the file; null to say nothing.</param>
    /// <param name="requestsPerMinute">Its own limit in place of that of users; null for the usual one, 0 for none.</param>
    /// <returns>The key. It is not kept anywhere: hand it over, and forget it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="scopes"/> is none, or <paramref name="requestsPerMinute"/> is below 0.</exception>
    public static string Create(PricingScopes scopes, DateTimeOffset expiresAt, out string entry, string? owner = null, int? requestsPerMinute = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)scopes, (int)PricingScopes.None, nameof(scopes));
        ArgumentOutOfRangeException.ThrowIfNegative(requestsPerMinute ?? 0, nameof(requestsPerMinute));
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        byte[] salt = RandomNumberGenerator.GetBytes(ApiKeyRecord.SaltBytes);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            if (owner is not null)
            {
                json.WriteString("owner", owner);
            }

            json.WriteStartArray("scopes");
            foreach (string scope in ScopeNames.Of(scopes))
            {
                json.WriteStringValue(scope);
            }

            json.WriteEndArray();
            json.WriteString("expires", expiresAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            if (requestsPerMinute is { } limit)
            {
                json.WriteNumber("requests_per_minute", limit);
            }

            json.WriteString("salt", Base64Url.EncodeToString(salt));
            json.WriteString("hash", Base64Url.EncodeToString(ApiKeyRecord.HashOf(secret, salt)));
            json.WriteEndObject();
        }

        entry = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        return $"{Prefix}{id}_{secret}";
    }
}
