using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PricingCore.Cli.Tests.Models;

/// <summary>Runs the built <c>pricing</c> in a process of its own, for what a process can do only once.</summary>
internal static class PricingProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="folder">The folder that holds <c>pricing.dll</c>.</param>
    /// <param name="environment">The whole environment but for what .NET needs.</param>
    /// <param name="wrapper">A program to run it under, and its arguments.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>The exit code, and output and errors together.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string folder, Dictionary<string, string> environment, string[] wrapper, params string[] arguments)
    {
        string dotnet = Path.Combine(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")), "dotnet");
        string[] command = [.. wrapper, dotnet, Path.Combine(folder, "pricing.dll"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // Its debugger port is a file and a socket, and none of ours.
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Limit);
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Expected to end within {Limit.TotalSeconds} s: {string.Join(' ', command)}");
        }
    }
}
