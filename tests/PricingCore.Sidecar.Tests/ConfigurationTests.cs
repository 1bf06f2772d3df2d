using System.Text;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: one file, the environment and the command line make the configuration, in this order; what is wrong is said at once and nothing starts.
/// Method: the process's entry with --check, and with configurations that are wrong.
/// </summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_WhenMuchIsWrong_SaysAllOfItAndStartsNothing()
    {
        (int code, string error) = await RunAsync("""
            {
              "Engine": { "MaxRegions": 0, "MaxRegoins": 5 },
              "Server": { "Listen": ["http://127.0.0.1:0", "gopher://x:1", "https://127.0.0.1:0"], "MaxConnections": "many", "Colour": "red" },
              "Endpoints": { "MaxDepth": 1, "MaxStreams": "few" },
              "Binary": { "HelloTimeout": "1ms" },
              "Sever": { "A": 1 }
            }
            """);

        Assert.Equal(SidecarProcess.WrongConfiguration, code);
        string[] expected =
        [
            "Sever is not known; there are Engine, Server, Security, Endpoints, Binary, Telemetry, Logging.",
            $"Server:Listen is 'gopher://x:1'; it must be {ListenAddress.Forms}.",
            "Server:MaxConnections is 'many'; write a whole number; it must be from 1 to 1000000.",
            "Server:Certificate is not set; it must be, for https and binary+tls: a PEM or PKCS #12 file.",
            "Endpoints:MaxDepth is 1; it must be from 4 to 64.",
            "Endpoints:MaxStreams is 'few'; write a whole number; it must be from 0 to 100000.",
            "Binary:HelloTimeout must be from 00:00:00.1000000 to 00:01:00, but is 00:00:00.0010000.",
            "Server:Colour is not known; the nearest is ",
            "Engine:MaxRegions is 0; it must be from 1 to 1000000.",
            "Engine:MaxRegoins is not known; the nearest is Engine:MaxRegions.",
        ];
        Assert.All(expected, line => Assert.Contains(line, error, StringComparison.Ordinal));
        Assert.EndsWith("pricing-sidecar: 10 error(s) in the configuration\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "pricing-sidecar: ")]
    [InlineData("""{"Engine": {"RulesFile": "no-such-file.json"}}""", "Engine:RulesFile: ")]
    [InlineData("""{"Server": {"Admin": ["binary://127.0.0.1:0"]}}""", "Server:Admin has an address of the binary protocol; ")]
    [InlineData("""{"Server": {"Certificate": "no-such-file.pem"}}""", "Server:Certificate is 'no-such-file.pem'; there is no such file.")]
    [InlineData("""{"Server": {"Certificate": "ASSEMBLY", "ClientAuthorities": "ASSEMBLY"}}""", "Server:")]
    public async Task Run_WhenAFileIsWrong_SaysWhich(string json, string expected)
    {
        (int code, string error) = await RunAsync(json);

        Assert.Equal(SidecarProcess.WrongConfiguration, code);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("--data")]
    public async Task Run_WhenTheCommandLineIsWrong_SaysWhatToTry(string argument)
    {
        var error = new StringWriter();

        Assert.Equal(SidecarProcess.WrongConfiguration, await SidecarProcess.RunAsync([argument], TextWriter.Null, error));
        Assert.Contains("Try: pricing-sidecar --help", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenAllIsRight_SaysSo()
    {
        var output = new StringWriter();

        Assert.Equal(SidecarProcess.Ok, await SidecarProcess.RunAsync(["--check", "--data", _folder.Path], output, TextWriter.Null));
        Assert.Equal("The configuration is right.", output.ToString().Trim());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path)); // Checking makes nothing.
    }

    [Fact]
    public void CommandLine_WinsOverEnvironment_WinsOverFile()
    {
        string file = _folder.At("pricing.json");
        File.WriteAllText(file, """{"Engine": {"MaxRegions": 1, "MaxProducts": 1, "DataDirectory": "from-file"}, "Server": {"Listen": ["http://127.0.0.1:1", "http://127.0.0.1:2"]}}""");
        using var environment = new EnvironmentOf(("PRICINGCORE__ENGINE__MAXREGIONS", "2"), ("PRICINGCORE__SERVER__ADMIN", "http://127.0.0.1:3;unix:/tmp/a.sock"), ("PRICINGCORE__ENGINE__DATADIRECTORY", "from-environment"));

        var configuration = SidecarConfiguration.Load(SidecarArguments.Parse(["--config", file, "--data", _folder.Path], out _));

        Assert.Empty(configuration.Problems);
        Assert.Equal(("2", "1", _folder.Path), (configuration.Engine["MaxRegions"], configuration.Engine["MaxProducts"], configuration.Engine["DataDirectory"]));
        Assert.Equal([1, 2], configuration.Server.Listen.Select(address => address.EndPoint!.Port));
        Assert.Equal(["127.0.0.1:3", "/tmp/a.sock"], configuration.Server.Admin.Select(address => address.Path ?? address.EndPoint!.ToString()));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://*:8080/", true)]
    [InlineData("https://[::1]:443", true)]
    [InlineData("h2c://localhost:5000", true)]
    [InlineData("unix:/run/p.sock", true)]
    [InlineData("binary://127.0.0.1:7070", true)]
    [InlineData("binary+tls://*:7443", true)]
    [InlineData("binary+unix:/run/b.sock", true)]
    [InlineData("unix:", false)]
    [InlineData("binary+unix:", false)]
    [InlineData("http://example.com:80", false)] // A name may stand for several addresses: say which.
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://127.0.0.1:65536", false)]
    [InlineData("http://127.0.0.1:-1", false)]
    [InlineData("8080", false)]
    [InlineData("", false)]
    public void Address_IsReadOrRefused(string text, bool isOne) => Assert.Equal(isOne, ListenAddress.TryParse(text, out _));

    private async Task<(int Code, string Error)> RunAsync(string json)
    {
        string file = _folder.At("pricing.json");
        File.WriteAllText(file, json.Replace("ASSEMBLY", typeof(SidecarProcess).Assembly.Location, StringComparison.Ordinal), Encoding.UTF8);
        var error = new StringWriter { NewLine = "\n" };
        int code = await SidecarProcess.RunAsync(["--config", file, "--data", _folder.At("data")], TextWriter.Null, error);
        return (code, error.ToString());
    }

    /// <summary>Variables of the environment until the test ends.</summary>
    private sealed class EnvironmentOf : IDisposable
    {
        private readonly (string Name, string Value)[] _variables;

        public EnvironmentOf(params (string Name, string Value)[] variables)
        {
            _variables = variables;
            Array.ForEach(variables, variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
        }

        public void Dispose() => Array.ForEach(_variables, variable => Environment.SetEnvironmentVariable(variable.Name, null));
    }
}
