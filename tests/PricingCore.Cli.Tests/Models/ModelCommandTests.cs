using System.IO.Compression;
using System.Text.Json;
using PricingCore.Forecasts.Models;

namespace PricingCore.Cli.Tests.Models;

public sealed class ModelCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Package => _folder["model"];

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Inspect_ShowsTheErrorsBesideTheBaselines()
    {
        SamplePackage.Write(Package);

        Assert.Equal(ExitCode.Ok, await RunAsync("model", "inspect", Package));

        string text = _output.ToString();
        Assert.Contains("model       demand/1.0.0 (accepted)", text, StringComparison.Ordinal);
        Assert.Contains("15 min          200  this model               0.2000     3.500     4.500   0.3000", text, StringComparison.Ordinal);
        Assert.Contains("same hour last week      0.4000", text, StringComparison.Ordinal);
        Assert.Contains("75.0 %  hour_of_day", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_WhenAskedForJson_PrintsTheManifest()
    {
        SamplePackage.Write(Package);

        Assert.Equal(ExitCode.Ok, await RunAsync("model", "inspect", Package, "--json"));

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Package, "model.json")), _output.ToString().Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_WhenTheModelWasRejected_ShowsItAllTheSame()
    {
        SamplePackage.Write(Package, manifest => manifest with { Status = ModelManifest.Rejected });

        Assert.Equal(ExitCode.Ok, await RunAsync("model", "inspect", Package));

        Assert.Contains("(rejected)", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WhenRight_SaysWhatRunsIt()
    {
        SamplePackage.Write(Package);
        string zip = _folder["model.zip"];
        ZipFile.CreateFromDirectory(Package, zip);

        Assert.Equal((ExitCode.Ok, ""), (await RunAsync("model", "verify", zip, "--schema", _folder.Write("schema.json", SamplePackage.SchemaJson)), _error.ToString()));

        Assert.StartsWith("demand/1.0.0 is accepted: files, manifest, schema 'two' and 2 golden rows are right.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("runs in ONNX Runtime 1.27.0", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WhenAskedForJson_SaysTheSame()
    {
        SamplePackage.Write(Package);

        Assert.Equal(ExitCode.Ok, await RunAsync("model", "verify", Package, "--json", "--schema", _folder.Write("schema.json", SamplePackage.SchemaJson)));

        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        Assert.True(json.RootElement.GetProperty("accepted").GetBoolean());
        Assert.Equal("ONNX Runtime", json.RootElement.GetProperty("runs_as").GetString());
        Assert.Equal("1.27.0", json.RootElement.GetProperty("onnx_runtime").GetString());
        Assert.Single(json.RootElement.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Verify_WhenTheSchemaIsNotTheEngines_NamesBoth()
    {
        SamplePackage.Write(Package);

        Assert.Equal(ExitCode.Failed, await RunAsync("model", "verify", Package));

        Assert.Contains("trained with the schema 'two'", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("is 'mobility'", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WhenAGoldenAnswerDiffers_SaysWhich()
    {
        SamplePackage.Write(Package, answers: [11, 22, 33, 44, 55, 12, 24, 36, 48, 61]);

        Assert.Equal(ExitCode.Failed, await RunAsync("model", "verify", Package, "--schema", _folder.Write("schema.json", SamplePackage.SchemaJson)));

        Assert.Contains("golden.bin: ONNX Runtime 1.27.0 disagrees with the trainer: row 1: high is 60, but the trainer says 61", _error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith($"pricing: {Package}: refused for 1 reason(s)", _error.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("verify")]
    public async Task Both_WhenFilesAreWrong_ListEveryReason(string verb)
    {
        SamplePackage.Write(Package);
        File.Delete(Path.Combine(Package, "golden.bin"));
        await File.AppendAllTextAsync(Path.Combine(Package, "model.onnx"), "x");

        Assert.Equal(ExitCode.Failed, await RunAsync("model", verb, Package));
        Assert.Contains("model.onnx: its SHA-256 is", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("golden.bin: it is missing.", _error.ToString(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Failed, await RunAsync("model", verb, Package, "--json"));
        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        Assert.False(json.RootElement.GetProperty("accepted").GetBoolean());
        Assert.Equal(["model.onnx", "golden.bin"], json.RootElement.GetProperty("refusals").EnumerateArray().Select(refusal => refusal.GetProperty("file").GetString()));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("model", "verify")]
    [InlineData("model", "inspect", "not-there")]
    [InlineData("model", "verify", "not-there")]
    public async Task Both_WhenTheCommandLineIsWrong_ExitWith2(params string[] args)
    {
        Assert.Equal(ExitCode.WrongUsage, await RunAsync(args));

        Assert.StartsWith("pricing: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WhenTheSchemaFileIsWrong_ExitsWith2()
    {
        SamplePackage.Write(Package);

        Assert.Equal(ExitCode.WrongUsage, await RunAsync("model", "verify", Package, "--schema", _folder.Write("schema.json", "{}")));
    }

    private Task<int> RunAsync(params string[] args) => PricingCommandLine.RunAsync(args, _output, _error);
}
