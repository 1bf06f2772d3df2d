using System.Text;
using System.Text.Json;

namespace PricingCore.AspNetCore.Security;

/// <summary>Verifies signed tokens (RFC 7515, 7519, with the advice of RFC 8725) on the platform's own cryptography.</summary>
/// <remarks>
/// In this order: shape, header, key, signature, and only then claims: nothing that an attacker wrote is acted upon before it is known who signed it. Keys and
/// addresses of keys that a header brings along (jwk, jku, x5u, x5c) are never looked at.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class JwtVerifier(PricingJwtOptions options, Func<VerificationKeySet> keys)
{
    public const int MaxLength = 8_192;

    private const int MaxHeaderBytes = 1_024;
    private const int MaxSubjectLength = 128;
    private const double LastSecond = 253_402_300_799; // The end of the year 9999.

    /// <summary>Verifies a token.</summary>
    /// <param name="token">The token; any text at all.</param>
    /// <param name="now">The time.</param>
    /// <param name="caller">Who it is; null when it is refused.</param>
    public JwtFault Verify(string token, DateTimeOffset now, out Caller? caller)
    {
        try
        {
            return Check(token, now, out caller);
        }
        catch (InvalidOperationException)
        {
            caller = null;
            return JwtFault.Malformed; // A text in the JSON is half a surrogate pair.
        }
    }

    private JwtFault Check(string token, DateTimeOffset now, out Caller? caller)
    {
        caller = null;
        if (!TrySplit(token, out Range header, out Range payload, out Range signature)
            || !Base64UrlText.TryDecode(token.AsSpan()[header], MaxHeaderBytes, out byte[]? headerJson)
            || !Base64UrlText.TryDecode(token.AsSpan()[signature], MaxHeaderBytes, out byte[]? signatureBytes)
            || !Base64UrlText.TryDecode(token.AsSpan()[payload], MaxLength, out byte[]? payloadJson))
        {
            return JwtFault.Malformed;
        }

        JwtFault fault = FindKeys(headerJson, out VerificationKey[] found);
        if (fault != JwtFault.None)
        {
            return fault;
        }

        byte[] signed = Encoding.ASCII.GetBytes(token, 0, payload.End.Value);
        return Array.Exists(found, key => key.Verify(signed, signatureBytes))
            ? ReadClaims(payloadJson, now, out caller)
            : JwtFault.Signature;
    }

    private static bool TrySplit(string token, out Range header, out Range payload, out Range signature)
    {
        (header, payload, signature) = (default, default, default);
        int first = token.IndexOf('.', StringComparison.Ordinal);
        int second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (token.Length > MaxLength || second < 0 || token.IndexOf('.', second + 1) >= 0)
        {
            return false;
        }

        (header, payload, signature) = (..first, (first + 1)..second, (second + 1)..);
        return true;
    }

    private JwtFault FindKeys(byte[] json, out VerificationKey[] found)
    {
        found = [];
        using JsonDocument? document = StrictJson.TryParse(json);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } header })
        {
            return JwtFault.Malformed;
        }

        if (header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _))
        {
            return JwtFault.Critical; // Nothing that may stand there is understood here.
        }

        if (!TryText(header, "alg", out string? algorithm) || algorithm is null || !options.Algorithms.Contains(algorithm))
        {
            return JwtFault.Algorithm;
        }

        if (!TryText(header, "kid", out string? id) || !TryText(header, "typ", out string? type)
            || (type is not null && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase) && !type.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)))
        {
            return JwtFault.Malformed; // A kind of token that was signed for another purpose.
        }

        found = [.. keys().Find(algorithm, id)];
        return found.Length > 0 ? JwtFault.None : JwtFault.UnknownKey;
    }

    private JwtFault ReadClaims(byte[] json, DateTimeOffset now, out Caller? caller)
    {
        caller = null;
        using JsonDocument? document = StrictJson.TryParse(json);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } claims })
        {
            return JwtFault.Malformed;
        }

        if (!TryTime(claims, "exp", out DateTimeOffset? expires) || expires is null || !TryTime(claims, "nbf", out DateTimeOffset? notBefore)
            || !TryTime(claims, "iat", out DateTimeOffset? issued)
            || !TryText(claims, "sub", out string? subject) || subject is null or { Length: 0 or > MaxSubjectLength }
            || !TryText(claims, "iss", out string? issuer) || !TryScopes(claims, out PricingScopes scopes))
        {
            return JwtFault.Claims;
        }

        JwtFault fault = now >= expires + options.ClockSkew ? JwtFault.Expired
            : notBefore > now + options.ClockSkew || issued > now + options.ClockSkew ? JwtFault.NotYetValid
            : expires - (issued ?? now) > options.MaxLifetime ? JwtFault.LivesTooLong
            : issuer != options.Issuer ? JwtFault.Issuer
            : !IsFor(claims, options.Audience) ? JwtFault.Audience
            : JwtFault.None;
        caller = fault == JwtFault.None ? new Caller(subject, scopes, expires.Value + options.ClockSkew) : null;
        return fault;
    }

    private static bool IsFor(JsonElement claims, string audience)
    {
        if (!claims.TryGetProperty("aud", out JsonElement aud))
        {
            return false;
        }

        return aud.ValueKind switch
        {
            JsonValueKind.String => aud.ValueEquals(audience),
            JsonValueKind.Array => aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
            _ => false,
        };
    }

    /// <summary>Scopes as a list with blanks (RFC 9068), or an array.</summary>
    private static bool TryScopes(JsonElement claims, out PricingScopes scopes)
    {
        scopes = PricingScopes.None;
        if (claims.TryGetProperty("scp", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement scope in list.EnumerateArray())
            {
                scopes |= scope.ValueKind == JsonValueKind.String ? ScopeNames.Parse(scope.GetString()) : PricingScopes.None;
            }
        }

        bool isText = TryText(claims, "scope", out string? text);
        scopes |= ScopeNames.ParseList(text ?? "");
        return isText;
    }

    /// <summary>Reads a text that may be missing.</summary>
    /// <returns><see langword="false"/> when it is there and is no text.</returns>
    private static bool TryText(JsonElement element, string name, out string? text)
    {
        text = null;
        if (!element.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        text = value.GetString();
        return true;
    }

    private static bool TryTime(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double seconds) || !(seconds is >= 0 and <= LastSecond))
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds));
        return true;
    }
}
