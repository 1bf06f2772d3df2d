using System.Diagnostics;

namespace PricingCore.CrashTests;

/// <summary>A process with an engine in it, and the lines that it has said.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>What the exit code is after SIGKILL.</summary>
    public const int KilledCode = 137;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _checked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<List<string>> _said;
    private readonly Task<string> _errors;

    public EngineProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PricingCore.CrashedEngine.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _said = Task.Run(ReadAsync);
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits until the engine has started and kept its promises, or has ended.</summary>
    public Task CheckedAsync() => _checked.Task.WaitAsync(Limit);

    /// <summary>Sends SIGKILL: the process has no way to notice.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code, every line it said, and what it wrote to its error output.</returns>
    public async Task<(int Code, List<string> Said, string Errors)> EndAsync()
    {
        List<string> said = await _said.WaitAsync(Limit);
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return (_process.ExitCode, said, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<List<string>> ReadAsync()
    {
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("checked ", StringComparison.Ordinal))
            {
                _checked.TrySetResult();
            }
        }

        _checked.TrySetResult();
        return lines;
    }
}
