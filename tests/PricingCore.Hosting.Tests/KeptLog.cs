using Microsoft.Extensions.Logging;

namespace PricingCore.Hosting.Tests;

/// <summary>Keeps what is logged, and lets a test wait for an event id instead of for a time.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Lock _changing = new();
    private readonly List<(int Id, LogLevel Level, string Text)> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_changing)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Waits until an event has been logged so often.</summary>
    public async Task<string> UntilAsync(int id, int times = 1)
    {
        while (true)
        {
            Task changed;
            lock (_changing)
            {
                string[] texts = [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];
                if (texts.Length >= times)
                {
                    return texts[^1];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(Limit);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_changing)
        {
            _lines.Add((eventId.Id, logLevel, formatter(state, exception) + exception?.Message));
            TaskCompletionSource changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
