using System.Text.Json.Nodes;
using PricingCore.AspNetCore.Security;

namespace PricingCore.Cli.Tests.Keys;

/// <summary>
/// Goal: a key that <c>pricing keys</c> makes is taken by the service, is nowhere in the file, and is refused once it is revoked; the file is changed as a whole or not at all.
/// Method: the commands as a user types them, on a file in a folder of its own, read by the service's own reader.
/// </summary>
public sealed class KeysCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private StringWriter _output = new();
    private StringWriter _error = new();

    private string KeyFile => _folder["api-keys.json"];

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Create_PrintsAKeyThatTheServiceTakes_AndKeepsItsHashOnly()
    {
        string till = await CreateAsync("quote,events", "90d", "till");
        string operators = await CreateAsync("admin", "2099-01-01T00:00:00Z", "Ops \"night\" 漢");

        ApiKeySet keys = ApiKeySet.Parse(await File.ReadAllBytesAsync(KeyFile));
        Caller caller = keys.Find(till, DateTimeOffset.UtcNow)!;
        Assert.Equal((2, PricingScopes.Quote | PricingScopes.Events), (keys.Count, caller.Scopes));
        Assert.InRange(caller.ExpiresAt, DateTimeOffset.UtcNow.AddDays(90).AddMinutes(-2), DateTimeOffset.UtcNow.AddDays(90));
        Assert.Equal(PricingScopes.Admin, keys.Find(operators, DateTimeOffset.UtcNow)!.Scopes);
        Assert.DoesNotContain(till[^43..], await File.ReadAllTextAsync(KeyFile), StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(KeyFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal([KeyFile], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task List_SaysWhatThereIs_AndNoSecret()
    {
        string key = await CreateAsync("quote", "1h", "till");
        Assert.Equal(ExitCode.Ok, await RunAsync("keys", "list", "--file", KeyFile));
        Assert.Contains(key.Split('_')[1], _output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("till\n1 key\n", _output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Ok, await RunAsync("keys", "list", "--file", KeyFile, "--json"));
        JsonNode listed = JsonNode.Parse(_output.ToString())!["keys"]!.AsArray().Single()!;
        Assert.Equal(("till", "quote", false), ((string)listed["name"]!, (string)listed["scopes"]![0]!, (bool)listed["expired"]!));
        Assert.DoesNotContain("hash", listed.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_TakesTheKeyAway_AndNoOther()
    {
        string gone = await CreateAsync("quote", "90d", "gone");
        string kept = await CreateAsync("quote", "90d", "kept");

        Assert.Equal(ExitCode.Ok, await RunAsync("keys", "revoke", gone.Split('_')[1], "--file", KeyFile, "--json"));

        Assert.Equal(gone.Split('_')[1], (string)JsonNode.Parse(_output.ToString())!["revoked"]!);
        ApiKeySet keys = ApiKeySet.Parse(await File.ReadAllBytesAsync(KeyFile));
        Assert.Null(keys.Find(gone, DateTimeOffset.UtcNow));
        Assert.NotNull(keys.Find(kept, DateTimeOffset.UtcNow));
        Assert.Equal(ExitCode.Failed, await RunAsync("keys", "revoke", gone.Split('_')[1], "--file", KeyFile));
        Assert.Contains("has no key", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--scopes", "quote,root", "--scopes has 'root'")]
    [InlineData("--scopes", "", "--scopes has ''")]
    [InlineData("--expires", "90", "--expires is '90'")]
    [InlineData("--expires", "-1d", "--expires is '-1d'")]
    [InlineData("--expires", "2020-01-01T00:00:00Z", "--expires is '2020-01-01T00:00:00Z'")]
    [InlineData("--expires", "10000000d", "--expires is '10000000d'")]
    [InlineData("--name", "a\nb", "--name has 3 characters")]
    [InlineData("--requests-per-minute", "-1", "--requests-per-minute is -1")]
    public async Task Create_WhenSomethingIsWrong_SaysWhatIsRight_AndMakesNothing(string option, string value, string expected)
    {
        var given = new Dictionary<string, string> { ["--scopes"] = "quote", ["--expires"] = "90d", ["--name"] = "till", [option] = value };

        Assert.Equal(ExitCode.WrongUsage, await RunAsync(["keys", "create", "--file", KeyFile, .. given.SelectMany(pair => (string[])[pair.Key, pair.Value])]));

        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task File_ThatIsWrong_OrBeingChanged_StaysAsItIs()
    {
        await File.WriteAllTextAsync(KeyFile, """{"keys": [{"id": "X"}]}""");
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("keys", "create", "--scopes", "quote", "--expires", "90d", "--name", "till", "--file", KeyFile));
        Assert.Contains("keys[0].id must have 16 hexadecimal digits", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"keys": [{"id": "X"}]}""", await File.ReadAllTextAsync(KeyFile));
        Assert.Equal([KeyFile], Directory.GetFiles(_folder.Path));

        File.Delete(KeyFile);
        Assert.Equal(ExitCode.Failed, await RunAsync("keys", "list", "--file", KeyFile));
        await File.WriteAllTextAsync(KeyFile + ".next", "");
        Assert.Equal(ExitCode.Failed, await RunAsync("keys", "create", "--scopes", "quote", "--expires", "90d", "--name", "till", "--file", KeyFile));
        Assert.Contains("another change is under way", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal([KeyFile + ".next"], Directory.GetFiles(_folder.Path)); // It is the other's.
    }

    private async Task<string> CreateAsync(string scopes, string expires, string name)
    {
        int code = await RunAsync("keys", "create", "--scopes", scopes, "--expires", expires, "--name", name, "--file", KeyFile);
        Assert.True(code == ExitCode.Ok, _error.ToString());
        return _output.ToString().ReplaceLineEndings("\n").Split('\n')[0];
    }

    private Task<int> RunAsync(params string[] args)
    {
        _output = new StringWriter();
        _error = new StringWriter();
        return PricingCommandLine.RunAsync(args, _output, _error);
    }
}
