using System.Diagnostics;

namespace PricingCore.Samples.Tests;

/// <summary>The sample as a process of its own, on a free port of the loopback address.</summary>
internal sealed class RunningSample : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private RunningSample(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts a sample and waits until it listens.</summary>
    public static async Task<RunningSample> StartAsync(string name)
    {
        string dll = Path.Combine(RepositoryRoot(), "samples", name, "bin", Configuration(), "net10.0", name + ".dll");
        Assert.True(File.Exists(dll), $"{dll} is missing: build the solution first.");
        var start = new ProcessStartInfo("dotnet", [dll, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, UseShellExecute = false };
        Process process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(LongestStart);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0)
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // So that it never waits for a reader.
                return new RunningSample(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }
        }

        throw new InvalidOperationException($"{name} ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PricingCore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }

    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
