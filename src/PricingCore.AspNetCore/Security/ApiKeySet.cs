using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace PricingCore.AspNetCore.Security;

/// <summary>The API keys of a file.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class ApiKeySet
{
    public const int MaxKeys = 10_000;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly ApiKeyRecord Nobody = new("", new byte[ApiKeyRecord.SaltBytes], new byte[ApiKeyRecord.HashBytes], PricingScopes.None, DateTimeOffset.MinValue, null);

    private readonly FrozenDictionary<string, ApiKeyRecord> _byId;
    private readonly FrozenDictionary<string, ApiKeyRecord>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private ApiKeySet(Dictionary<string, ApiKeyRecord> byId)
    {
        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _byId.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>No keys.</summary>
    public static ApiKeySet Empty { get; } = new([]);

    /// <summary>How many keys there are.</summary>
    public int Count => _byId.Count;

    /// <summary>Reads a key file.</summary>
    /// <exception cref="SecurityFileException">It is wrong; the message lists every error, and no key, salt or hash.</exception>
    public static ApiKeySet Parse(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = StrictJson.Parse(json, "key file");
        var errors = new List<string>();
        var keys = new Dictionary<string, ApiKeyRecord>(StringComparer.Ordinal);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out JsonElement list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > MaxKeys)
        {
            throw new SecurityFileException([$"The key file is an object with an array \"keys\" of at most {MaxKeys:N0} entries."]);
        }

        int place = 0;
        foreach (JsonElement entry in list.EnumerateArray())
        {
            if (TryRead(entry, $"keys[{place++}]", errors, out ApiKeyRecord? key) && !keys.TryAdd(key.Id, key))
            {
                errors.Add($"keys[{place - 1}]: the id occurs twice.");
            }
        }

        return errors.Count == 0 ? new ApiKeySet(keys) : throw new SecurityFileException(errors);
    }

    /// <summary>Finds whose key a text is.</summary>
    /// <returns>Null when it is nobody's, or has expired.</returns>
    public Caller? Find(ReadOnlySpan<char> text, DateTimeOffset now)
    {
        if (text.Length != ApiKey.TextLength || !text.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) || text[ApiKey.Prefix.Length + ApiKey.IdLength] != '_')
        {
            return null;
        }

        // A key of an unknown id is hashed all the same, so that time does not tell which ids there are.
        ApiKeyRecord key = _lookup.TryGetValue(text.Slice(ApiKey.Prefix.Length, ApiKey.IdLength), out ApiKeyRecord? found) ? found : Nobody;
        bool isRight = key.IsSecret(text[^ApiKey.SecretLength..]);
        return isRight && !ReferenceEquals(key, Nobody) && now < key.ExpiresAt ? new Caller(key.Id, key.Scopes, key.ExpiresAt, key.RequestsPerMinute, IsKey: true) : null;
    }

    private static bool TryRead(JsonElement entry, string place, List<string> errors, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ApiKeyRecord? key)
    {
        int before = errors.Count;
        string id = Text(entry, "id") ?? "";
        if (id.Length != ApiKey.IdLength || id.AsSpan().ContainsAnyExcept(HexDigits))
        {
            errors.Add($"{place}.id must have {ApiKey.IdLength} hexadecimal digits in small letters.");
        }

        if (!Base64UrlText.TryDecode(Text(entry, "salt"), ApiKeyRecord.SaltBytes, out byte[]? salt) || salt.Length != ApiKeyRecord.SaltBytes)
        {
            errors.Add($"{place}.salt must be {ApiKeyRecord.SaltBytes} bytes in base64url.");
        }

        if (!Base64UrlText.TryDecode(Text(entry, "hash"), ApiKeyRecord.HashBytes, out byte[]? hash) || hash.Length != ApiKeyRecord.HashBytes)
        {
            errors.Add($"{place}.hash must be {ApiKeyRecord.HashBytes} bytes in base64url.");
        }

        if (!DateTimeOffset.TryParse(Text(entry, "expires"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset expires))
        {
            errors.Add($"{place}.expires must be a time such as 2027-01-01T00:00:00Z.");
        }

        PricingScopes scopes = ReadScopes(entry, place, errors);
        int? limit = null;
        if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("requests_per_minute", out JsonElement number))
        {
            limit = number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int given) && given is >= 0 and <= 1_000_000_000 ? given : -1;
            if (limit < 0)
            {
                errors.Add($"{place}.requests_per_minute must be from 0 (no limit) to 1,000,000,000.");
            }
        }

        key = errors.Count == before ? new ApiKeyRecord(id, salt!, hash!, scopes, expires, limit) : null;
        return key is not null;
    }

    private static PricingScopes ReadScopes(JsonElement entry, string place, List<string> errors)
    {
        PricingScopes scopes = PricingScopes.None;
        if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("scopes", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement scope in list.EnumerateArray())
            {
                PricingScopes one = scope.ValueKind == JsonValueKind.String ? ScopeNames.Parse(scope.GetString()) : PricingScopes.None;
                if (one == PricingScopes.None)
                {
                    errors.Add($"{place}.scopes: a scope is not known; there are quote, events and admin.");
                }

                scopes |= one;
            }
        }

        if (scopes == PricingScopes.None)
        {
            errors.Add($"{place}.scopes must name at least one of quote, events and admin.");
        }

        return scopes;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
