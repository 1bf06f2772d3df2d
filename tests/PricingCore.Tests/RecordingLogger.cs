using Microsoft.Extensions.Logging;

namespace PricingCore.Tests;

/// <summary>Keeps what it is told, by any thread; to be read when nobody tells any more.</summary>
internal sealed class RecordingLogger : ILogger
{
    public List<(int Id, LogLevel Level, string Text)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Lines)
        {
            Lines.Add((eventId.Id, logLevel, formatter(state, exception)));
        }
    }
}
