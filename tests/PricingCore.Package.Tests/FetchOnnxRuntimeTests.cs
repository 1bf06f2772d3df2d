namespace PricingCore.Package.Tests;

/// <summary>
/// Goal: the script that fetches ONNX Runtime uses nothing that it has not checked, and each failure is one line that says what to do.
/// Method: the script with caches of its own, good, empty and damaged; it never needs the network here.
/// </summary>
public sealed class FetchOnnxRuntimeTests : IDisposable
{
    private const string Library = "libonnxruntime.so";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Fetched = Path.Combine(PackedFeed.Root, "artifacts", "onnxruntime", "runtimes", "linux-x64", "native", Library);

    private readonly string _folder = Directory.CreateTempSubdirectory("pricingcore-fetch-").FullName;

    private string Cached => Path.Combine(_folder, "cache", "onnxruntime", "1.27.0", "linux-x64", Library);

    private string Placed => Path.Combine(_folder, "out", "runtimes", "linux-x64", "native", Library);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Script_WhenCached_NeedsNoNetwork()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cached)!);
        File.Copy(Fetched, Cached);

        (await RunAsync("--rid", "linux-x64", "--offline")).MustSucceed();

        Assert.True(File.Exists(Placed));
    }

    [Fact]
    public async Task Script_WhenWhatIsPlacedIsDamaged_ReplacesIt()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cached)!);
        File.Copy(Fetched, Cached);
        Directory.CreateDirectory(Path.GetDirectoryName(Placed)!);
        await File.WriteAllTextAsync(Placed, "damaged", TestContext.Current.CancellationToken);

        (await RunAsync("--rid", "linux-x64", "--offline")).MustSucceed();

        Assert.Equal(new FileInfo(Fetched).Length, new FileInfo(Placed).Length);
    }

    [Fact]
    public async Task Script_WhenTheCacheIsDamaged_RemovesWhatIsThere()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Cached)!);
        await File.WriteAllTextAsync(Cached, "damaged", TestContext.Current.CancellationToken);

        Finished run = await RunAsync("--rid", "linux-x64", "--offline");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the cached library for linux-x64 has a wrong SHA-256", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Cached));
        Assert.False(File.Exists(Placed));
    }

    [Fact]
    public async Task Script_WhenThePackageIsAnother_RefusesIt()
    {
        string tarball = Path.Combine(_folder, "onnxruntime-node-1.27.0.tgz");
        await File.WriteAllTextAsync(tarball, "another", TestContext.Current.CancellationToken);

        Finished run = await RunAsync("--rid", "linux-x64", "--tarball", tarball);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("its SHA-512 is", Assert.Single(run.Output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(Placed));
    }

    [Fact]
    public async Task Script_WhenNpmIsMissing_SaysWhatToDo()
    {
        string tools = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        foreach (string tool in new[] { "bash", "uname", "dirname", "mkdir", "cut", "mktemp", "rm", "sha256sum" })
        {
            string? found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
            if (found is not null)
            {
                File.CreateSymbolicLink(Path.Combine(tools, tool), found);
            }
        }

        Finished run = await RunInAsync(new() { ["PATH"] = tools }, "--rid", "linux-x64");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("npm is missing: install Node.js, or", Assert.Single(run.Output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rid", "beos-x64")]
    [InlineData("--tarball", "not-there.tgz")]
    [InlineData("--out", "")]
    [InlineData("--sideways", "")]
    public async Task Script_WhenTheArgumentsAreWrong_ExitsWith2(string option, string value)
    {
        Finished run = await RunAsync(option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("fetch-onnxruntime: ", Assert.Single(run.Output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(params string[] arguments) => RunInAsync([], arguments);

    private Task<Finished> RunInAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        environment["PRICINGCORE_CACHE"] = Path.Combine(_folder, "cache");
        string script = Path.Combine(PackedFeed.Root, "eng", "fetch-onnxruntime.sh");
        return ChildProcess.RunAsync("/bin/bash", [script, "--out", Path.Combine(_folder, "out"), .. arguments], _folder, Limit, environment);
    }
}
