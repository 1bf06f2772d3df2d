using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Audit;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Cli.Tests.Audit;

/// <summary>
/// Goal: what <c>pricing audit</c> prints and exits with.
/// Method: a small log on disk; the commands as a user types them.
/// </summary>
public sealed class AuditCommandTests : IDisposable
{
    private const long Start = 1_780_000_000_000_000;

    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Log => _folder["audit"];

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Verify_WhenIntact_Exits0_AndPrintsAHeadThatHolds()
    {
        Write();

        Assert.Equal(ExitCode.Ok, await RunAsync("audit", "verify", Log, "--json"));

        JsonNode said = JsonNode.Parse(_output.ToString())!;
        Assert.True((bool)said["intact"]!);
        Assert.Equal(3, (int)said["quotes"]!);
        string head = (string)said["head"]!;
        Assert.Equal(ExitCode.Ok, await RunAsync("audit", "verify", Log, "--head", head));
        Assert.Contains("The log is as it was written: 1 segment(s)", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WhenAByteIsChanged_Exits1_AndNamesTheRecord()
    {
        Write();
        int record = new AuditReader(Log).ReadQuotes().Single(quote => quote.RequestId == "request-1").Place.Record;
        string file = Path.Combine(Log, "audit-0000000001.log");
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.AsSpan().IndexOf("request-1"u8)] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        Assert.Equal(ExitCode.Failed, await RunAsync("audit", "verify", Log));

        Assert.Contains(FormattableString.Invariant($"fault: audit-0000000001.log, record {record}, offset"), _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prove_WritesAProof()
    {
        Write();

        Assert.Equal(ExitCode.Ok, await RunAsync("audit", "prove", Log, "request-2", "--out", _folder["proof.json"]));

        JsonNode proof = JsonNode.Parse(await File.ReadAllTextAsync(_folder["proof.json"]))!;
        Assert.Equal("request-2", (string)proof["id"]!);
        Assert.Contains("check-proof.py", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, await RunAsync("audit", "prove", Log, "nobody"));
    }

    [Fact]
    public async Task ForgetUsers_DestroysTheKey()
    {
        string key = _folder["users.key"];
        AuditKeyFile.LoadOrCreate(key);

        Assert.Equal(ExitCode.Ok, await RunAsync("audit", "forget-users", "--key", key));

        Assert.False(File.Exists(key));
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("audit", "forget-users", "--key", key));
    }

    [Fact]
    public async Task Verify_WhenThereIsNoLog_OrTheHeadIsNone_SaysSo()
    {
        Write();

        Assert.Equal(ExitCode.Failed, await RunAsync("audit", "verify", _folder["nowhere"]));
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("audit", "verify", Log, "--head", "7"));
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("audit", "verify"));
        Assert.Contains("there is no audit log", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] args) => PricingCommandLine.RunAsync(args, _output, _error);

    private void Write()
    {
        using var log = new AuditLog(new AuditOptions { Directory = Log, Level = AuditLevel.Quote }, DiskFileStore.Instance, features: 0, NullLogger.Instance);
        log.StartWithoutThread(Start);
        var rule = new PricingRule { BasePrice = Amount.FromMajor(12, Currency.FromCode("USD")) };
        var decision = new SurgeDecision
        {
            RegionId = "zone",
            ProductType = "standard",
            Id = new DecisionId(1, 2),
            DecidedAt = UnixMicros.ToTime(Start),
            HoldsUntil = UnixMicros.ToTime(Start),
            Outcome = SurgePolicy.Decide(rule, new SurgeInputs()),
            Inputs = new SurgeInputs(),
            Forecast = default,
            ForecastSource = Forecasts.ForecastSource.None,
            ModelVersion = "none",
            Rule = rule,
            RulesVersion = "none",
        };
        for (int i = 0; i < 3; i++)
        {
            Assert.True(log.TryReserve());
            log.Record(QuoteReader.Read(new QuoteRequest("zone") { RequestId = $"request-{i}" }, decision, Start, cached: true), Start + i);
        }

        Assert.True(log.Step());
    }
}
