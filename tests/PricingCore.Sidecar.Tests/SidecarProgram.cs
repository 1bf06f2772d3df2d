using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace PricingCore.Sidecar.Tests;

/// <summary>The built sidecar as a process of its own, which can be killed, told to end, and looked at from outside.</summary>
/// <remarks>The variable <c>PRICINGCORE_SIDECAR</c> names a published program to look at instead, trimmed or not.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SidecarProgram : IDisposable
{
    /// <summary>The exit code after SIGKILL.</summary>
    public const int KilledCode = 137;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static int _nextPort = Random.Shared.Next(20_000, 27_000);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;
    private readonly HttpClient _operators;

    private SidecarProgram(Process process, int port, int adminPort)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
        Address = new Uri($"http://127.0.0.1:{port}");
        Client = new HttpClient { BaseAddress = Address, Timeout = Limit };
        _operators = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}"), Timeout = Limit };
    }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>Asks it.</summary>
    public HttpClient Client { get; }

    /// <summary>The process's resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The time that it had a processor for.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it; it is not ready yet.</summary>
    /// <param name="data">Its data directory.</param>
    /// <param name="arguments">More of the command line.</param>
    public static SidecarProgram Start(string data, params string[] arguments)
    {
        string? published = Environment.GetEnvironmentVariable("PRICINGCORE_SIDECAR");
        string program = published ?? Path.Combine(AppContext.BaseDirectory, "PricingCore.Sidecar.dll");
        Assert.True(File.Exists(program), $"There is no {program}.");
        int port = FreePort();
        int adminPort = FreePort();
        string[] all = ["--data", data, "--listen", $"http://127.0.0.1:{port}", "--admin", $"http://127.0.0.1:{adminPort}", .. arguments];
        var start = new ProcessStartInfo(published ?? "dotnet", published is null ? [program, .. all] : all)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new SidecarProgram(Process.Start(start)!, port, adminPort);
    }

    /// <summary>Below the ports that systems give out themselves: another test that asks for any port would be given one of those that was free a moment ago.</summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = 20_000 + (Interlocked.Increment(ref _nextPort) % 10_000); // Never the same again soon, whoever asks.
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }

    /// <summary>Waits until it is ready.</summary>
    public async Task UntilReadyAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            Assert.False(_process.HasExited, $"It has ended:\n{(_process.HasExited ? await LogAsync() : "")}");
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                using HttpResponseMessage answer = await Client.GetAsync("/readyz", limit.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }

            await Task.Delay(5, limit.Token); // There is nothing to wait on in another process but its answer.
        }
    }

    /// <summary>What operators are told.</summary>
    public async Task<JsonElement> StatusAsync()
    {
        using HttpResponseMessage answer = await _operators.GetAsync("/api/v1/admin/status");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using JsonDocument status = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return status.RootElement.Clone();
    }

    /// <summary>Sends SIGKILL, of which it notices nothing, and waits for the end.</summary>
    /// <returns>The exit code, and what it said.</returns>
    public async Task<(int Code, string Log)> KillAsync()
    {
        _process.Kill();
        return await EndedAsync();
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code, and what it said.</returns>
    public async Task<(int Code, string Log)> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Limit, TestContext.Current.CancellationToken);
        return (_process.ExitCode, await LogAsync());
    }

    /// <summary>Tells it to end, and checks that it did as told.</summary>
    /// <returns>What it said.</returns>
    public async Task<string> EndAsync()
    {
        await TerminateAsync();
        (int code, string log) = await EndedAsync();
        Assert.True(code == 0, $"It ended with {code}:\n{log}");
        return log;
    }

    public void Dispose()
    {
        Client.Dispose();
        _operators.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> LogAsync() => await _output.WaitAsync(Limit) + await _error.WaitAsync(Limit);
}
