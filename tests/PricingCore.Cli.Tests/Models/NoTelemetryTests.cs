using System.Text.RegularExpressions;

namespace PricingCore.Cli.Tests.Models;

/// <summary>
/// Goal: running a model sends nothing, looks nothing up and leaves nothing behind.
/// Method: a process that runs a model in ONNX Runtime, with an empty home that must stay empty; where strace can trace it, also
/// without a network, and with every system call that opens a socket or a file to write looked at.
/// Control: the trace of a process that does look a name up and does write a file is seen to show both.
/// </summary>
public sealed partial class NoTelemetryTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_WhenRun_LeavesItsHomeEmpty()
    {
        (int exitCode, string output) = await VerifyAsync(wrapper: []);

        Assert.True(exitCode == 0, output);
        Assert.Contains("\"runs_as\": \"ONNX Runtime\"", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["home"]));
    }

    [Fact]
    public async Task Model_WhenTraced_OpensNoSocketAndWritesNoFile()
    {
        string trace = _folder["trace"];
        await SkipUnlessTraceableAsync();

        (int exitCode, string output) = await VerifyAsync(Tracing(trace));

        Assert.True(exitCode == 0, output);
        Assert.Contains("\"runs_as\": \"ONNX Runtime\"", output, StringComparison.Ordinal);
        string[] calls = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        Assert.Contains(calls, call => call.Contains("onnxruntime.so", StringComparison.Ordinal));
        Assert.Empty(Sockets(calls));
        Assert.Empty(Written(calls));
    }

    [Fact]
    public async Task Trace_OfWhatDoesBoth_ShowsBoth()
    {
        string trace = _folder["trace"];
        string file = _folder["written"];
        await SkipUnlessTraceableAsync();

        await RunAsync([.. Tracing(trace), "bash", "-c", $"echo > {file}; echo > /dev/udp/192.0.2.1/53 || true"]);

        string[] calls = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        Assert.NotEmpty(Sockets(calls));
        Assert.Contains(Written(calls), call => call.Contains(file, StringComparison.Ordinal));
    }

    // A network namespace of its own, in which every attempt fails, and is traced all the same.
    private static string[] Tracing(string file) =>
        ["unshare", "-rn", "strace", "-f", "-qq", "-s", "256", "-o", file, "-e", "trace=socket,connect,sendto,open,openat,creat,mkdir,mkdirat,rename,unlink"];

    /// <summary>Sockets of the internet, and connections to any other, such as a name service's.</summary>
    private static IEnumerable<string> Sockets(string[] calls) => calls.Where(call =>
        call.Contains("socket(AF_INET", StringComparison.Ordinal) || call.Contains(" connect(", StringComparison.Ordinal));

    private static IEnumerable<string> Written(string[] calls) => calls.Where(call =>
        (Creating().IsMatch(call) || WritingOpen().IsMatch(call)) && !call.Contains("= -1 ", StringComparison.Ordinal) && !Harmless().IsMatch(call));

    private async Task SkipUnlessTraceableAsync()
    {
        int exitCode;
        try
        {
            exitCode = await RunAsync([.. Tracing(_folder["probe"]), "true"]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            exitCode = -1; // Not Linux, or the programs are missing.
        }

        Assert.SkipWhen(exitCode != 0, "strace or unshare is missing, or not allowed here: install strace and allow user namespaces to run this.");
    }

    private async Task<(int ExitCode, string Output)> VerifyAsync(string[] wrapper)
    {
        SamplePackage.Write(_folder["model"]);
        string home = Directory.CreateDirectory(_folder["home"]).FullName;
        return await PricingProcess.RunAsync(
            Path.GetDirectoryName(typeof(PricingCommandLine).Assembly.Location)!,
            new() { ["HOME"] = home, ["XDG_CACHE_HOME"] = Path.Combine(home, "cache"), ["XDG_DATA_HOME"] = Path.Combine(home, "data"), ["TMPDIR"] = home },
            wrapper,
            "model", "verify", _folder["model"], "--schema", _folder.Write("schema.json", SamplePackage.SchemaJson), "--json");
    }

    private static async Task<int> RunAsync(string[] command)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    [GeneratedRegex(@" (creat|mkdir|mkdirat|rename|unlink)\(")]
    private static partial Regex Creating();

    [GeneratedRegex(@" open(at)?\(.*O_(WRONLY|RDWR|CREAT)")]
    private static partial Regex WritingOpen();

    // Devices and the process's own state are no files that stay.
    [GeneratedRegex("\"/(dev|proc)/")]
    private static partial Regex Harmless();
}
