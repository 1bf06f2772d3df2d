using System.Runtime.InteropServices;

namespace PricingCore.Cli.Tests.Models;

/// <summary>
/// Goal: the ONNX Runtime library is found in each of its places, and a wrong place that somebody named is an error that says so.
/// Method: a copy of the command in a folder of its own, without its libraries, in a fresh process each time.
/// </summary>
public sealed class OnnxRuntimeSearchTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Rid => (OperatingSystem.IsMacOS() ? "osx-" : "linux-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string Library => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", Rid, "native")).Single();

    [Fact]
    public async Task Library_IsFoundBesideTheApplicationAndInItsRidFolder()
    {
        string application = CopyCommand();
        string inRidFolder = Directory.CreateDirectory(Path.Combine(application, "runtimes", Rid, "native")).FullName;
        File.CreateSymbolicLink(Path.Combine(inRidFolder, Path.GetFileName(Library)), Library);
        Assert.Contains($"\"onnx_runtime_file\": \"{inRidFolder}", await VerifyAsync(application, expected: 0), StringComparison.Ordinal);

        string beside = Path.Combine(application, Path.GetFileName(Library));
        File.CreateSymbolicLink(beside, Library);
        Assert.Contains($"\"onnx_runtime_file\": \"{beside}", await VerifyAsync(application, expected: 0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Library_IsFoundWhereTheEnvironmentSays(bool isFolder)
    {
        string elsewhere = _folder["elsewhere"];
        Directory.CreateDirectory(elsewhere);
        string link = Path.Combine(elsewhere, Path.GetFileName(Library));
        File.CreateSymbolicLink(link, Library);

        string output = await VerifyAsync(CopyCommand(), expected: 0, ("PRICINGCORE_ONNXRUNTIME", isFolder ? elsewhere : link));

        Assert.Contains($"\"onnx_runtime_file\": \"{link}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Library_IsFoundWhereTheSystemLooks()
    {
        string output = await VerifyAsync(CopyCommand(), expected: 0, (OperatingSystem.IsMacOS() ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH", Path.GetDirectoryName(Library)!));

        Assert.Contains($"\"onnx_runtime_file\": \"{Path.GetFileName(Library)}\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_WhenThereIsNoLibrary_IsRefusedWithWhatToDo()
    {
        string output = await VerifyAsync(CopyCommand(), expected: 1);

        Assert.Contains("it needs ONNX Runtime", output, StringComparison.Ordinal);
        Assert.Contains("PricingCore.OnnxRuntime.Native", output, StringComparison.Ordinal);
        Assert.Contains("PRICINGCORE_ONNXRUNTIME", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_WhenTheEnvironmentIsWrong_IsRefusedWithThePath()
    {
        string text = _folder.Write("text.so", "not a library");
        string application = Path.GetDirectoryName(typeof(PricingCommandLine).Assembly.Location)!; // Which has its library, and must not use it.

        Assert.Contains("'/not/there.so'", await VerifyAsync(application, expected: 1, ("PRICINGCORE_ONNXRUNTIME", "/not/there.so")), StringComparison.Ordinal);
        Assert.Contains($"names '{text}', which cannot be loaded", await VerifyAsync(application, expected: 1, ("PRICINGCORE_ONNXRUNTIME", text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_WhenTheLibraryIsAnother_IsRefusedWithThePath()
    {
        string output = await VerifyAsync(
            CopyCommand(), expected: 1, ("PRICINGCORE_ONNXRUNTIME", Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), OperatingSystem.IsMacOS() ? "libSystem.Native.dylib" : "libSystem.Native.so")));

        Assert.Contains("libSystem.Native", output, StringComparison.Ordinal);
        Assert.Contains("not ONNX Runtime", output, StringComparison.Ordinal);
    }

    private async Task<string> VerifyAsync(string application, int expected, params (string Name, string Value)[] environment)
    {
        string package = _folder["model"];
        if (!Directory.Exists(package))
        {
            SamplePackage.Write(package);
        }

        string schema = _folder.Write("schema.json", SamplePackage.SchemaJson);
        (int exitCode, string output) = await PricingProcess.RunAsync(
            application, environment.ToDictionary(pair => pair.Name, pair => pair.Value), [], "model", "verify", package, "--schema", schema, "--json");
        Assert.True(exitCode == expected, $"Expected exit code {expected} but was {exitCode}:\n{output}");
        return output;
    }

    private string CopyCommand()
    {
        string from = Path.GetDirectoryName(typeof(PricingCommandLine).Assembly.Location)!;
        string to = Directory.CreateDirectory(_folder["application"]).FullName;
        foreach (string file in Directory.EnumerateFiles(from).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        return to;
    }
}
