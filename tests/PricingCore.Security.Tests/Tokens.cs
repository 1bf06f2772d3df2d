using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PricingCore.AspNetCore.Security;

namespace PricingCore.Security.Tests;

/// <summary>Makes tokens, right ones and wrong ones, and the key sets that verify them.</summary>
internal sealed class Tokens : IDisposable
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "pricing";

    public static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public ECDsa Curve { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public RSA Rsa { get; } = RSA.Create(2_048);

    public byte[] Secret { get; } = RandomNumberGenerator.GetBytes(32);

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[]? bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Claims that are right, and others in their place or beside them.</summary>
    public static string Claims(string extra = "", string? exp = null, string sub = "\"u-1\"", string? iss = null, string? aud = null) =>
        $$"""{"iss":{{iss ?? $"\"{Issuer}\""}},"aud":{{aud ?? $"\"{Audience}\""}},"sub":{{sub}},"exp":{{exp ?? Seconds(600)}},"scope":"quote events"{{extra}}}""";

    public static string Seconds(int fromNow) => Now.AddSeconds(fromNow).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    public string EcKey(string kid = "ec") => $$"""{"kty":"EC","crv":"P-256","kid":"{{kid}}","alg":"ES256","use":"sig","x":"{{Encode(Curve.ExportParameters(false).Q.X)}}","y":"{{Encode(Curve.ExportParameters(false).Q.Y)}}"}""";

    public string RsaKey(string kid = "rsa") => $$"""{"kty":"RSA","kid":"{{kid}}","n":"{{Encode(Rsa.ExportParameters(false).Modulus)}}","e":"{{Encode(Rsa.ExportParameters(false).Exponent)}}"}""";

    public string SecretKey(string kid = "hs") => $$"""{"kty":"oct","kid":"{{kid}}","k":"{{Encode(Secret)}}"}""";

    public string Es256(string claims, string header = """{"alg":"ES256","kid":"ec"}""") =>
        Sign(header, claims, bytes => Curve.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public string Rs256(string claims, string header = """{"alg":"RS256","kid":"rsa"}""") =>
        Sign(header, claims, bytes => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public string Hs256(string claims, string header = """{"alg":"HS256","kid":"hs"}""") => Sign(header, claims, bytes => HMACSHA256.HashData(Secret, bytes));

    public static string Sign(string header, string claims, Func<byte[], byte[]> sign)
    {
        string signed = Encode(header) + "." + Encode(claims);
        return signed + "." + Encode(sign(Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>A verifier of all three algorithms.</summary>
    public JwtVerifier Verifier(string? keySet = null, Action<PricingJwtOptions>? configure = null)
    {
        var options = new PricingJwtOptions
        {
            Issuer = Issuer,
            Audience = Audience,
            Algorithms = [VerificationKey.Hs256, VerificationKey.Rs256, VerificationKey.Es256],
        };
        configure?.Invoke(options);
        byte[] json = Encoding.UTF8.GetBytes(keySet ?? $$"""{"keys":[{{EcKey()}},{{RsaKey()}},{{SecretKey()}}]}""");
        VerificationKeySet keys = VerificationKeySet.Parse(json, [.. options.Algorithms]);
        return new JwtVerifier(options, () => keys);
    }

    public void Dispose()
    {
        Curve.Dispose();
        Rsa.Dispose();
    }
}
