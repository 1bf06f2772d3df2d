using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.AspNetCore.Security;
using PricingCore.Client.Tests;

namespace PricingCore.Security.Tests;

/// <summary>
/// Goal: files of keys are right as a whole or refused with every reason, hold nothing that can be used, and are followed when they change.
/// Method: files written here; a clock that is moved by hand.
/// </summary>
public sealed class KeyFileTests : IDisposable
{
    private static readonly DateTimeOffset Expiry = Tokens.Now.AddDays(30);
    private readonly Tokens _tokens = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), "pricing-keys-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void CreatedKey_IsFoundAndItsEntryDoesNotHoldIt()
    {
        string key = ApiKey.Create(PricingScopes.Quote | PricingScopes.Admin, Expiry, out string entry, "the till", 250);
        ApiKeySet keys = ApiKeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{entry}}]}"""));
        Caller caller = keys.Find(key, Tokens.Now)!;
        Assert.Equal((PricingScopes.Quote | PricingScopes.Admin, Expiry, 250, true), (caller.Scopes, caller.ExpiresAt, caller.RequestsPerMinute, caller.IsKey));
        Assert.DoesNotContain(key[^43..], entry, StringComparison.Ordinal);
        Assert.NotEqual(key, ApiKey.Create(PricingScopes.Quote, Expiry, out _));

        Assert.Null(keys.Find(key, Expiry));
        Assert.Null(keys.Find(key.AsSpan()[..^1], Tokens.Now));
        Assert.Null(keys.Find(key + "A", Tokens.Now));
        Assert.Null(keys.Find(key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), Tokens.Now));
        Assert.Null(keys.Find(key.Replace("pck_", "pck-", StringComparison.Ordinal), Tokens.Now));
        Assert.Null(keys.Find(key[..4] + "0000000000000000" + key[20..], Tokens.Now));
        Assert.Null(keys.Find(new string('漢', key.Length), Tokens.Now));
        Assert.Null(ApiKeySet.Empty.Find(key, Tokens.Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => ApiKey.Create(PricingScopes.None, Expiry, out _));
    }

    [Fact]
    public void WrongKeyFile_IsRefusedWithEveryReason()
    {
        ApiKey.Create(PricingScopes.Quote, Expiry, out string good);
        string wrong = """{"id":"X","salt":"=","hash":"","scopes":["root"],"expires":"soon","requests_per_minute":-1}""";
        SecurityFileException refused = Assert.Throws<SecurityFileException>(() => ApiKeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{good}},{{good}},{{wrong}},7]}""")));
        Assert.True(refused.Errors.Count >= 8, refused.Message);
        Assert.Contains("keys[2].scopes", refused.Message, StringComparison.Ordinal);
        string[] files = ["", "[]", "{}", """{"keys":{}}""", """{"keys":[],"keys":[]}""", """{"keys":[],}"""];
        Assert.All(files, file => Assert.Throws<SecurityFileException>(() => ApiKeySet.Parse(Encoding.UTF8.GetBytes(file))));
    }

    [Fact]
    public void KeySet_TakesPublicKeysOfEnoughStrengthOnly()
    {
        string[] all = [VerificationKey.Hs256, VerificationKey.Rs256, VerificationKey.Es256];
        string ec = _tokens.EcKey();
        string[] wrong =
        [
            ec.Replace("\"x\"", "\"d\":\"AQ\",\"x\"", StringComparison.Ordinal), ec.Replace("P-256", "P-384", StringComparison.Ordinal), ec.Replace("ES256", "RS256", StringComparison.Ordinal),
            ec.Replace("\"y\":\"", "\"y\":\"A", StringComparison.Ordinal), """{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""",
            """{"kty":"oct","k":"c2hvcnQ"}""", """{"kty":"RSA","n":"AQAB","e":"AQAB"}""", """{"kty":"OKP","crv":"Ed25519","x":"AA"}""", "7", $"{ec},{ec}",
        ];
        Assert.All(wrong, keys => Assert.Throws<SecurityFileException>(() => VerificationKeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{keys}}]}"""), all)));
        Assert.Throws<SecurityFileException>(() => VerificationKeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{_tokens.SecretKey()}}]}"""), ["ES256"]));
        Assert.Equal(2, VerificationKeySet.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{{ec}},{{_tokens.RsaKey()}},{"kty":"RSA","use":"enc"}]}"""), all).Count);
    }

    [Fact]
    public void ChangedFile_IsReadAgainAndAWrongOneIsNot()
    {
        var time = new ManualTime();
        Write(_tokens.EcKey("old"));
        using var file = new WatchedFile<VerificationKeySet>(_path, json => VerificationKeySet.Parse(json, ["ES256"]), time, TimeSpan.FromSeconds(1), NullLogger.Instance);
        Write(_tokens.EcKey("old"), _tokens.EcKey("new"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, file.Value.Count); // Both verify while the issuer rotates.
        File.WriteAllText(_path, "{\"keys\":[");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, file.Value.Count);
        File.Delete(_path);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, file.Value.Count);
        Write(_tokens.EcKey("new"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(file.Value.Find("ES256", "new"));
        Assert.Empty(file.Value.Find("ES256", "old"));
        File.Delete(_path);
        Assert.Throws<SecurityFileException>(() => new WatchedFile<VerificationKeySet>(_path, _ => VerificationKeySet.Empty, time, TimeSpan.FromSeconds(1), NullLogger.Instance));
    }

    public void Dispose()
    {
        _tokens.Dispose();
        File.Delete(_path);
    }

    private void Write(params string[] keys) => File.WriteAllText(_path, $$"""{"keys":[{{string.Join(',', keys)}}]}""");
}
