using System.Security.Cryptography;

namespace PricingCore.AspNetCore.Security;

/// <summary>One key that tokens are verified with, pinned to the one algorithm it is for.</summary>
/// <remarks>A key knows its algorithm, and the token's header only has to agree: so a public RSA key is never tried as an HMAC secret.</remarks>
/// <threadsafety>Any thread, but <see cref="Verify"/> makes what it needs for each call: the platform's key objects are not for several threads.</threadsafety>
internal sealed class VerificationKey
{
    public const string Hs256 = "HS256";
    public const string Rs256 = "RS256";
    public const string Es256 = "ES256";

    /// <summary>The least bits of an RSA key.</summary>
    public const int LeastRsaBits = 2_048;

    /// <summary>The least bytes of an HMAC secret: that of the hash, RFC 7518 section 3.2.</summary>
    public const int LeastSecretBytes = 32;

    private const int Es256SignatureBytes = 64;

    private readonly byte[]? _secret;
    private readonly RSAParameters _rsa;
    private readonly ECParameters _curve;

    private VerificationKey(string algorithm, string? id, byte[]? secret, RSAParameters rsa, ECParameters curve)
    {
        Algorithm = algorithm;
        Id = id;
        _secret = secret;
        _rsa = rsa;
        _curve = curve;
    }

    /// <summary>HS256, RS256 or ES256.</summary>
    public string Algorithm { get; }

    /// <summary>The key's name in tokens; null when it has none.</summary>
    public string? Id { get; }

    public static VerificationKey OfSecret(string? id, byte[] secret) => new(Hs256, id, secret, default, default);

    public static VerificationKey OfRsa(string? id, RSAParameters rsa) => new(Rs256, id, null, rsa, default);

    public static VerificationKey OfCurve(string? id, ECParameters curve) => new(Es256, id, null, default, curve);

    /// <summary>Whether a signature is this key's. Never throws.</summary>
    public bool Verify(ReadOnlySpan<byte> signed, byte[] signature)
    {
        try
        {
            switch (Algorithm)
            {
                case Hs256:
                    Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
                    HMACSHA256.HashData(_secret!, signed, mac);
                    return CryptographicOperations.FixedTimeEquals(mac, signature); // Also where the lengths differ.
                case Rs256:
                    using (var rsa = RSA.Create(_rsa))
                    {
                        return signature.Length == _rsa.Modulus!.Length && rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                    }

                default:
                    using (var curve = ECDsa.Create(_curve))
                    {
                        // Two numbers of 32 bytes, never the DER form. (r, n - s) verifies where (r, s) does: a token's text is never taken for its identity.
                        return signature.Length == Es256SignatureBytes
                            && curve.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                    }
            }
        }
        catch (CryptographicException)
        {
            return false; // A signature that is no number of the group.
        }
    }
}
