using System.Security.Cryptography;
using System.Text.Json;

namespace PricingCore.AspNetCore.Security;

/// <summary>The keys of a JSON Web Key Set (RFC 7517) that tokens are verified with.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class VerificationKeySet
{
    public const int MaxKeys = 64;

    private const int MaxNumberBytes = 1_024; // RSA of 8,192 bits.
    private static readonly string[] PrivateParts = ["d", "p", "q", "dp", "dq", "qi", "oth"];

    private readonly VerificationKey[] _keys;

    private VerificationKeySet(VerificationKey[] keys) => _keys = keys;

    /// <summary>No keys.</summary>
    public static VerificationKeySet Empty { get; } = new([]);

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Length;

    /// <summary>The keys that a token may be verified with.</summary>
    /// <param name="algorithm">What the token's header says.</param>
    /// <param name="id">The id that it says; null when it says none.</param>
    public IEnumerable<VerificationKey> Find(string algorithm, string? id) =>
        _keys.Where(key => key.Algorithm == algorithm && (id is null || key.Id == id));

    /// <summary>Reads a key set.</summary>
    /// <param name="json">The file.</param>
    /// <param name="algorithms">The algorithms that are allowed at all.</param>
    /// <exception cref="SecurityFileException">It is wrong; the message lists every error, and no key.</exception>
    public static VerificationKeySet Parse(ReadOnlyMemory<byte> json, IReadOnlyCollection<string> algorithms)
    {
        using JsonDocument document = StrictJson.Parse(json, "key set");
        var errors = new List<string>();
        var keys = new List<VerificationKey>();
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out JsonElement list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > MaxKeys)
        {
            throw new SecurityFileException([$"The key set is an object with an array \"keys\" of at most {MaxKeys} keys."]);
        }

        int place = 0;
        foreach (JsonElement entry in list.EnumerateArray())
        {
            string where = $"keys[{place++}]";
            if (entry.ValueKind != JsonValueKind.Object)
            {
                errors.Add($"{where} must be an object.");
                continue;
            }

            if (Text(entry, "use") is "enc")
            {
                continue; // An issuer's set may have keys that are for something else.
            }

            if (TryRead(entry, where, errors) is { } key)
            {
                Add(key, where, algorithms, keys, errors);
            }
        }

        return errors.Count == 0 ? new VerificationKeySet([.. keys]) : throw new SecurityFileException(errors);
    }

    private static void Add(VerificationKey key, string where, IReadOnlyCollection<string> algorithms, List<VerificationKey> keys, List<string> errors)
    {
        if (!algorithms.Contains(key.Algorithm))
        {
            errors.Add($"{where} is for {key.Algorithm}, which is not among the algorithms that are allowed: {string.Join(", ", algorithms)}.");
        }
        else if (key.Id is not null && keys.Exists(other => other.Id == key.Id))
        {
            errors.Add($"{where}: the kid occurs twice.");
        }
        else
        {
            keys.Add(key);
        }
    }

    private static VerificationKey? TryRead(JsonElement entry, string where, List<string> errors)
    {
        if (Text(entry, "kty") != "oct" && Array.Exists(PrivateParts, part => entry.TryGetProperty(part, out _)))
        {
            errors.Add($"{where} holds a private key, which is the issuer's alone: remove it from here, and replace it there.");
            return null;
        }

        string? id = Text(entry, "kid");
        (string algorithm, VerificationKey? key) = Text(entry, "kty") switch
        {
            "oct" => (VerificationKey.Hs256, Number(entry, "k") is { Length: >= VerificationKey.LeastSecretBytes } secret ? VerificationKey.OfSecret(id, secret) : null),
            "RSA" => (VerificationKey.Rs256, ReadRsa(entry, id)),
            "EC" => (VerificationKey.Es256, ReadCurve(entry, id)),
            _ => ("", null),
        };
        if (key is null)
        {
            errors.Add($"{where} must be oct with k of {VerificationKey.LeastSecretBytes} bytes or more, RSA with n of {VerificationKey.LeastRsaBits} bits or more and e, or EC with crv P-256, x and y on it.");
            return null;
        }

        if (Text(entry, "alg") is { } said && said != algorithm)
        {
            errors.Add($"{where}: the alg does not go with the kty; {algorithm} does.");
            return null;
        }

        return key;
    }

    private static VerificationKey? ReadRsa(JsonElement entry, string? id)
    {
        if (Number(entry, "n") is not { } modulus || Number(entry, "e") is not { Length: >= 1 and <= 8 } exponent || modulus.Length * 8 < VerificationKey.LeastRsaBits || modulus[0] == 0)
        {
            return null;
        }

        var rsa = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return IsUsable(() => RSA.Create(rsa)) ? VerificationKey.OfRsa(id, rsa) : null;
    }

    private static VerificationKey? ReadCurve(JsonElement entry, string? id)
    {
        if (Text(entry, "crv") != "P-256" || Number(entry, "x") is not { Length: 32 } x || Number(entry, "y") is not { Length: 32 } y)
        {
            return null;
        }

        var curve = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
        return IsUsable(() => ECDsa.Create(curve)) ? VerificationKey.OfCurve(id, curve) : null;
    }

    /// <summary>Whether the platform takes the key: it refuses a point that is not on the curve.</summary>
    private static bool IsUsable(Func<IDisposable> create)
    {
        try
        {
            create().Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static byte[]? Number(JsonElement entry, string name) => Base64UrlText.TryDecode(Text(entry, name), MaxNumberBytes, out byte[]? number) ? number : null;

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
