namespace PricingCore.Cli.Tests.Serve;

/// <summary>
/// Goal: pricing serve is the sidecar: it takes the same options and ends with the same codes.
/// Method: the command line with --check, which starts nothing; what runs is tested in PricingCore.Sidecar.Tests.
/// </summary>
public sealed class ServeCommandTests
{
    [Fact]
    public async Task Check_WhenAllIsRight_SaysSo()
    {
        using var folder = new ScratchFolder();

        (int code, string output, string error) = await RunAsync("serve", "--check", "--data", folder["data"], "--listen", "http://127.0.0.1:1", "--listen", "http://127.0.0.1:2");

        Assert.Equal((0, "The configuration is right.", ""), (code, output.Trim(), error));
    }

    [Theory]
    [InlineData("--listen", "gopher://x", "Server:Listen is 'gopher://x'")]
    [InlineData("--config", "no-such-file.json", "no-such-file.json")]
    [InlineData("--rules", "no-such-rules.json", "Engine:RulesFile: ")]
    public async Task Check_WhenSomethingIsWrong_SaysWhatAndEndsWithTwo(string option, string value, string expected)
    {
        using var folder = new ScratchFolder();

        (int code, _, string error) = await RunAsync("serve", "--check", "--data", folder["data"], option, value);

        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await PricingCommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
