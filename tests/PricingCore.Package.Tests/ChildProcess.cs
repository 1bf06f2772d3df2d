using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace PricingCore.Package.Tests;

/// <summary>Runs a program to its end within a time limit; ends it and its children, by id, when it takes longer.</summary>
internal static class ChildProcess
{
    public static async Task<Finished> RunAsync(string program, string[] arguments, string folder, TimeSpan limit, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        KeepOutTheTestRun(start.Environment);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        string command = $"{program} {string.Join(' ', arguments)}";
        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            lock (output)
            {
                throw new TimeoutException($"Expected to end within {limit.TotalSeconds} s: {command}\n{output}");
            }
        }

        lock (output)
        {
            return new Finished(command, process.ExitCode, output.ToString());
        }

        void Append(string? line)
        {
            lock (output)
            {
                output.Append(line).Append(line is null ? "" : "\n");
            }
        }
    }

    /// <summary>What the test run passes on to its children would change how they build.</summary>
    private static void KeepOutTheTestRun(IDictionary<string, string?> environment)
    {
        string[] inherited = [.. environment.Keys.Where(name =>
            name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
            || name is "DOTNET_HOST_PATH" or "DOTNET_CLI_TEST_SESSIONCORRELATIONID")];
        foreach (string name in inherited)
        {
            environment.Remove(name);
        }

        // A launcher such as an installed tool's finds .NET by this where it is not in a standard place.
        environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["UseSharedCompilation"] = "false";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        environment["DOTNET_NOLOGO"] = "1";
    }
}

/// <summary>How a child process ended.</summary>
/// <param name="Command">What was run.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, output and errors together.</param>
internal sealed record Finished(string Command, int ExitCode, string Output)
{
    public Finished MustSucceed()
    {
        Assert.True(ExitCode == 0, $"Expected exit code 0 but was {ExitCode}: {Command}\n{Output}");
        return this;
    }
}
