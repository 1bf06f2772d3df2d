using PricingCore.Hosting.Configuration;
using PricingCore.Tests;
using PricingCore.Tokens;

namespace PricingCore.Hosting.Tests.Configuration;

/// <summary>
/// Goal: keys are read from a file or refused with a reason, and no reason tells a secret.
/// Method: files as people write them, right and wrong.
/// </summary>
public sealed class SigningKeyFileTests : IDisposable
{
    private const string Secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_ReadsKeysAndTimes()
    {
        QuoteKeys keys = Load($$"""{"keys":[{"id":"old","secret":"{{Secret}}","until":"2026-12-01T00:00:00Z"}]}""");

        QuoteKey key = Assert.Single(keys.Keys);
        Assert.Equal(("old", new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)), (key.Id, key.Until));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[7]}""")]
    [InlineData("""{"keys":[{"id":"a"}]}""")]
    [InlineData("""{"keys":[{"id":"a","secret":"SECRET","until":"soon"}]}""")]
    [InlineData("""{"keys":[{"id":"a","secret":"SECRET","colour":"red"}]}""")]
    [InlineData("""{"keys":[{"id":"a b","secret":"SECRET"}]}""")]
    [InlineData("""{"keys":[{"id":"a","secret":"SECRET"},{"id":"b","secret":"SECRET"}]}""")]
    [InlineData("""{"keys":[{"id":"a","id":"b","secret":"SECRET"}]}""")]
    [InlineData("""{"keys":[{"id":"a","secret":"c2hvcnQ="}]}""")]
    [InlineData("""{"keys":[{"id":"a","secret":"not base64 at all"}]}""")]
    public void Load_WhenItIsWrong_SaysWhyWithoutTheSecret(string json)
    {
        FormatException refused = Assert.Throws<FormatException>(() => Load(json.Replace("SECRET", Secret, StringComparison.Ordinal)));

        Assert.DoesNotContain(Secret[..8], refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not base64", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_MakesAKeyOnce_ReadableByTheOwnerOnly()
    {
        string path = _folder.At("keys.json");
        SigningKeyFile.CreateUnlessThere(path, "first");
        string before = File.ReadAllText(path);
        SigningKeyFile.CreateUnlessThere(path, "second");

        Assert.Equal(before, File.ReadAllText(path));
        Assert.Equal("first", Assert.Single(SigningKeyFile.Load(path).Keys).Id);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    private QuoteKeys Load(string json)
    {
        File.WriteAllText(_folder.At("keys.json"), json);
        return SigningKeyFile.Load(_folder.At("keys.json"));
    }
}
