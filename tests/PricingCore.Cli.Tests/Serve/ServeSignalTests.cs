using System.Diagnostics;
using System.Globalization;

namespace PricingCore.Cli.Tests.Serve;

/// <summary>
/// Goal: SIGTERM drains `pricing serve` as it does the sidecar: to the end, with exit code 0.
/// Method: the built tool as its users start it. Control: while the command line had its own handling of signals the drain was cut off, with exit code 143.
/// </summary>
public sealed class ServeSignalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SigTerm_DrainsAndEndsWithZero()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM.");
        string tool = Path.Combine(AppContext.BaseDirectory, "pricing.dll");
        var start = new ProcessStartInfo("dotnet", [tool, "serve", "--data", _folder["data"], "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            string log = "";
            while (!log.Contains("PricingCore[6001]", StringComparison.Ordinal))
            {
                log += await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"It has ended:\n{log}");
            }

            using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            log += await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);

            Assert.Contains("is drained after", log, StringComparison.Ordinal);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
