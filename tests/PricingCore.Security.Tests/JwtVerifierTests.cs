using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using PricingCore.AspNetCore.Security;

namespace PricingCore.Security.Tests;

/// <summary>
/// Goal: a token is taken only when a key of ours signed exactly it, for us, for now; the known attacks are refused for the reason that is theirs.
/// Method: tokens made here, each wrong in one way, and the examples of RFC 7515 and 7519. Seen to fail with keys looked up by id alone, whatever their algorithm.
/// </summary>
public sealed class JwtVerifierTests : IDisposable
{
    private readonly Tokens _tokens = new();

    [Fact]
    public void RightTokens_AreTaken()
    {
        JwtVerifier verifier = _tokens.Verifier();
        foreach (string token in new[] { _tokens.Es256(Tokens.Claims()), _tokens.Rs256(Tokens.Claims()), _tokens.Hs256(Tokens.Claims()) })
        {
            Assert.Equal(JwtFault.None, verifier.Verify(token, Tokens.Now, out Caller? caller));
            Assert.Equal(("u-1", PricingScopes.Quote | PricingScopes.Events), (caller!.Subject, caller.Scopes));
            Assert.DoesNotContain("u-1", caller.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(JwtFault.None, verifier.Verify(_tokens.Es256(Tokens.Claims(aud: "[\"other\",\"pricing\"]")), Tokens.Now, out _));
        Assert.Equal(JwtFault.None, verifier.Verify(_tokens.Es256(Tokens.Claims(exp: Tokens.Seconds(600) + ".75")), Tokens.Now, out _));
        Assert.Equal(JwtFault.None, verifier.Verify(_tokens.Es256(Tokens.Claims(), """{"alg":"ES256","typ":"at+jwt"}"""), Tokens.Now, out _));
        Assert.Equal(JwtFault.None, verifier.Verify(_tokens.Es256(Tokens.Claims(",\"scp\":[\"admin\",\"x\"]")), Tokens.Now, out Caller? admin));
        Assert.Equal(PricingScopes.Quote | PricingScopes.Events | PricingScopes.Admin, admin!.Scopes);
    }

    [Fact]
    public void RfcExamples_HaveRightSignatures()
    {
        // RFC 7515, A.1 to A.3. They name no subject: with a right signature that is what is wrong with them, with a wrong one the signature is.
        const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        const string Keys = """
            {"keys":[
              {"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"},
              {"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"},
              {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
            """;
        (string Header, string Signature)[] examples =
        [
            ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            ("eyJhbGciOiJSUzI1NiJ9", "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"),
            ("eyJhbGciOiJFUzI1NiJ9", "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
        ];
        JwtVerifier verifier = _tokens.Verifier(Keys);
        foreach ((string header, string signature) in examples)
        {
            Assert.Equal(JwtFault.Claims, verifier.Verify($"{header}.{Payload}.{signature}", Tokens.Now, out _));
            Assert.Equal(JwtFault.Signature, verifier.Verify($"{header}.{Payload[..10]}A{Payload[11..]}.{signature}", Tokens.Now, out _));
        }

        // RFC 7519, 6.1: an unsecured token.
        Assert.Equal(JwtFault.Algorithm, verifier.Verify($"eyJhbGciOiJub25lIn0.{Payload}.", Tokens.Now, out _));
    }

    [Theory]
    [InlineData("""{"alg":"none"}""", nameof(JwtFault.Algorithm))]
    [InlineData("""{"alg":"None","kid":"ec"}""", nameof(JwtFault.Algorithm))]
    [InlineData("""{"alg":"ES384","kid":"ec"}""", nameof(JwtFault.Algorithm))]
    [InlineData("""{"alg":"es256","kid":"ec"}""", nameof(JwtFault.Algorithm))]
    [InlineData("""{"kid":"ec"}""", nameof(JwtFault.Algorithm))]
    [InlineData("""{"alg":["ES256"],"kid":"ec"}""", nameof(JwtFault.Algorithm))]
    [InlineData("""{"alg":"ES256","kid":"rsa"}""", nameof(JwtFault.UnknownKey))]
    [InlineData("""{"alg":"ES256","kid":"no-such"}""", nameof(JwtFault.UnknownKey))]
    [InlineData("""{"alg":"ES256","kid":7}""", nameof(JwtFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""", nameof(JwtFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"ec","crit":["exp"]}""", nameof(JwtFault.Critical))]
    [InlineData("""{"alg":"ES256","kid":"ec","b64":false}""", nameof(JwtFault.Critical))]
    [InlineData("""{"alg":"ES256","alg":"none","kid":"ec"}""", nameof(JwtFault.Malformed))]
    [InlineData("""{"alg":"ES256","\u0061lg":"none","kid":"ec"}""", nameof(JwtFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"ec","typ":"logout+jwt"}""", nameof(JwtFault.Malformed))]
    [InlineData("""["ES256"]""", nameof(JwtFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"ec",}""", nameof(JwtFault.Malformed))]
    [InlineData("not json", nameof(JwtFault.Malformed))]
    public void WrongHeaders_AreRefused(string header, string expected)
    {
        Assert.Equal(expected, _tokens.Verifier().Verify(_tokens.Es256(Tokens.Claims(), header), Tokens.Now, out Caller? caller).ToString());
        Assert.Null(caller);
    }

    [Fact]
    public void PublicKeyAsSecret_IsRefused()
    {
        // The classic confusion: HS256 with the bytes of the public RSA key, in each form that a library might use.
        foreach (byte[] secret in new[] { _tokens.Rsa.ExportSubjectPublicKeyInfo(), Encoding.UTF8.GetBytes(_tokens.Rsa.ExportSubjectPublicKeyInfoPem()), _tokens.Rsa.ExportParameters(false).Modulus! })
        {
            string forged = Tokens.Sign("""{"alg":"HS256","kid":"rsa"}""", Tokens.Claims(), bytes => HMACSHA256.HashData(secret, bytes));
            Assert.Equal(JwtFault.UnknownKey, _tokens.Verifier().Verify(forged, Tokens.Now, out _));
            string nameless = Tokens.Sign("""{"alg":"HS256"}""", Tokens.Claims(), bytes => HMACSHA256.HashData(secret, bytes));
            Assert.Equal(JwtFault.Signature, _tokens.Verifier().Verify(nameless, Tokens.Now, out _));
        }

        Assert.Equal(JwtFault.Algorithm, _tokens.Verifier($$"""{"keys":[{{_tokens.EcKey()}}]}""", options => options.Algorithms = ["ES256"]).Verify(_tokens.Hs256(Tokens.Claims()), Tokens.Now, out _));
    }

    [Fact]
    public void KeysInTheHeader_AreNotLookedAt()
    {
        using var mine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint q = mine.ExportParameters(false).Q;
        string header = $$$"""{"alg":"ES256","jku":"https://evil.example","jwk":{"kty":"EC","crv":"P-256","x":"{{{Tokens.Encode(q.X)}}}","y":"{{{Tokens.Encode(q.Y)}}}"}}""";
        string forged = Tokens.Sign(header, Tokens.Claims(), bytes => mine.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.Equal(JwtFault.Signature, _tokens.Verifier().Verify(forged, Tokens.Now, out _));
    }

    [Fact]
    public void WrongSignatures_AreRefused()
    {
        JwtVerifier verifier = _tokens.Verifier();
        foreach (string token in new[] { _tokens.Es256(Tokens.Claims()), _tokens.Rs256(Tokens.Claims()), _tokens.Hs256(Tokens.Claims()) })
        {
            string signed = token[..(token.LastIndexOf('.') + 1)];
            byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(signed.Length));
            byte[][] wrong = [[], [0], signature[..^1], [.. signature, 0], [0, .. signature], new byte[signature.Length], [.. Enumerable.Repeat((byte)255, signature.Length)], [.. signature.Reverse()]];
            Assert.All(wrong, bytes => Assert.Equal(JwtFault.Signature, verifier.Verify(signed + Tokens.Encode(bytes), Tokens.Now, out _)));
            signature[^1] ^= 1;
            Assert.Equal(JwtFault.Signature, verifier.Verify(signed + Tokens.Encode(signature), Tokens.Now, out _));
        }
    }

    [Fact]
    public void CurveSignatures_OnlyInTheirFixedForm()
    {
        string der = Tokens.Sign("""{"alg":"ES256","kid":"ec"}""", Tokens.Claims(), bytes => _tokens.Curve.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(JwtFault.Signature, _tokens.Verifier().Verify(der, Tokens.Now, out _));

        // (r, n - s) is a right signature too, and issuers make it half of the time; that is why a token's text is never its identity. (r, s + n) is not.
        var order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, null);
        string token = _tokens.Es256(Tokens.Claims());
        string signed = token[..(token.LastIndexOf('.') + 1)];
        byte[] signature = System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(signed.Length));
        byte[] mirrored = (order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] other = [.. signature[..32], .. new byte[32 - mirrored.Length], .. mirrored];
        Assert.Equal(JwtFault.None, _tokens.Verifier().Verify(signed + Tokens.Encode(other), Tokens.Now, out _));
    }

    [Fact]
    public void Text_IsStrict()
    {
        JwtVerifier verifier = _tokens.Verifier();
        string token = _tokens.Es256(Tokens.Claims());
        string[] wrong =
        [
            "", ".", "..", "...", "a.b", token + ".", "." + token, token + "=", " " + token, token + "\n", token.Replace('.', ','), token[..^1] + "+", token[..^1] + "é",
            token.Insert(token.IndexOf('.', StringComparison.Ordinal), "="), new string('a', 9_000), token + new string('A', 8_192),
        ];
        Assert.All(wrong, text => Assert.Equal(JwtFault.Malformed, verifier.Verify(text, Tokens.Now, out _)));

        // The last character of 64 bytes has four bits that stand for nothing: with another in its place the bytes would be the same.
        char last = token[^1];
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Assert.Equal(JwtFault.Malformed, verifier.Verify(token[..^1] + Alphabet[Alphabet.IndexOf(last, StringComparison.Ordinal) + 1], Tokens.Now, out _));
    }

    [Fact]
    public void WrongClaims_AreRefused()
    {
        (string Claims, JwtFault Fault)[] cases =
        [
            (Tokens.Claims(exp: Tokens.Seconds(-61)), JwtFault.Expired), (Tokens.Claims(exp: Tokens.Seconds(-60)), JwtFault.Expired), (Tokens.Claims(exp: Tokens.Seconds(-59)), JwtFault.None),
            (Tokens.Claims(exp: "null"), JwtFault.Claims), (Tokens.Claims(exp: "\"" + Tokens.Seconds(600) + "\""), JwtFault.Claims), (Tokens.Claims(exp: "-1"), JwtFault.Claims),
            (Tokens.Claims(exp: "1e300"), JwtFault.Claims), (Tokens.Claims(exp: "99999999999999999999"), JwtFault.Claims), (Tokens.Claims(exp: Tokens.Seconds(90_000)), JwtFault.LivesTooLong),
            ("""{"iss":"https://issuer.example","aud":"pricing","sub":"u"}""", JwtFault.Claims),
            (Tokens.Claims(",\"nbf\":" + Tokens.Seconds(61)), JwtFault.NotYetValid), (Tokens.Claims(",\"nbf\":" + Tokens.Seconds(60)), JwtFault.None),
            (Tokens.Claims(",\"iat\":" + Tokens.Seconds(61)), JwtFault.NotYetValid), (Tokens.Claims(",\"nbf\":\"x\""), JwtFault.Claims),
            (Tokens.Claims(iss: "\"https://issuer.example/\""), JwtFault.Issuer), (Tokens.Claims(iss: "null"), JwtFault.Claims), (Tokens.Claims(aud: "\"other\""), JwtFault.Audience),
            (Tokens.Claims(aud: "[]"), JwtFault.Audience), (Tokens.Claims(aud: "{\"pricing\":1}"), JwtFault.Audience), (Tokens.Claims(aud: "[7,null]"), JwtFault.Audience),
            (Tokens.Claims(sub: "\"\""), JwtFault.Claims), (Tokens.Claims(sub: "7"), JwtFault.Claims), (Tokens.Claims(sub: "\"" + new string('u', 129) + "\""), JwtFault.Claims),
            (Tokens.Claims(sub: "\"\\udc00\""), JwtFault.Malformed), (Tokens.Claims(",\"exp\":99999999999"), JwtFault.Malformed), (Tokens.Claims(",\"su\\u0062\":\"admin\""), JwtFault.Malformed),
            (Tokens.Claims(",\"scope\":\"admin\""), JwtFault.Malformed), (Tokens.Claims(",\"deep\":" + new string('[', 20) + new string(']', 20)), JwtFault.Malformed), ("[]", JwtFault.Malformed),
            ("{}", JwtFault.Claims),
        ];
        JwtVerifier verifier = _tokens.Verifier();
        Assert.All(cases, one => Assert.Equal((one.Claims, one.Fault), (one.Claims, verifier.Verify(_tokens.Es256(one.Claims), Tokens.Now, out _))));
    }

    [Fact]
    public void MutatedTokens_AreNeverTakenAndNeverThrow()
    {
        JwtVerifier verifier = _tokens.Verifier();
        var draw = new Random(5);
        string[] seeds = [_tokens.Hs256(Tokens.Claims()), _tokens.Hs256(Tokens.Claims(), """{"alg":"HS256"}""")];
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = seeds[i % 2].ToCharArray();
            for (int flips = draw.Next(1, 4); flips > 0; flips--)
            {
                text[draw.Next(text.Length)] = (char)draw.Next(1, 128);
            }

            string token = new(text);
            Assert.True(seeds.Contains(token) || verifier.Verify(token, Tokens.Now, out _) != JwtFault.None, token);
        }
    }

    public void Dispose() => _tokens.Dispose();
}
