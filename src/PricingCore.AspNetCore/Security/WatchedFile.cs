using Microsoft.Extensions.Logging;

namespace PricingCore.AspNetCore.Security;

/// <summary>What a file says, read again when it changes. While it is wrong or away, what it said before holds.</summary>
/// <typeparam name="T">What is read from it.</typeparam>
/// <threadsafety><see cref="Value"/>: any thread. Looks happen on a timer, one at a time.</threadsafety>
internal sealed class WatchedFile<T> : IDisposable
    where T : class
{
    private const int MaxBytes = 4 * 1_048_576;
    private static readonly TimeSpan FileTimeStep = TimeSpan.FromSeconds(2); // File systems keep times in steps up to this.

    private readonly string _path;
    private readonly Func<ReadOnlyMemory<byte>, T> _parse;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _looking = new();
    private (long Length, DateTime LastWrite)? _stamp;
    private byte[] _content;
    private string? _reported;
    private volatile T _value;

    /// <summary>Reads the file, and follows it.</summary>
    /// <exception cref="SecurityFileException">It is wrong or cannot be read: a host does not start with keys it does not have.</exception>
    public WatchedFile(string path, Func<ReadOnlyMemory<byte>, T> parse, TimeProvider time, TimeSpan interval, ILogger logger)
    {
        _path = Path.GetFullPath(path);
        _parse = parse;
        _time = time;
        _logger = logger;
        try
        {
            _content = Read();
            _value = parse(_content);
        }
        catch (SecurityFileException wrong)
        {
            throw new SecurityFileException([.. wrong.Errors.Select(error => $"{path}: {error}")]);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new SecurityFileException([$"{path}: it cannot be read: {wrong.Message}"]);
        }

        _timer = time.CreateTimer(_ => Look(), null, interval, interval);
    }

    /// <summary>What the file said when it was last right.</summary>
    public T Value => _value;

    /// <summary>Looks now whether it has changed.</summary>
    public void Look()
    {
        lock (_looking)
        {
            try
            {
                var file = new FileInfo(_path);
                (long, DateTime) stamp = (file.Length, file.LastWriteTimeUtc);
                if (stamp == _stamp)
                {
                    return;
                }

                byte[] content = Read();
                _stamp = _time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc >= FileTimeStep ? stamp : null; // Another write may follow within the step.
                if (!content.AsSpan().SequenceEqual(_content))
                {
                    _content = content;
                    _value = _parse(content);
                    _reported = null;
                    SecurityLog.Reloaded(_logger, Path.GetFileName(_path));
                }
            }
            catch (Exception wrong) when (wrong is SecurityFileException or IOException or UnauthorizedAccessException)
            {
                if (wrong.Message != _reported)
                {
                    _reported = wrong.Message; // Once, and not at each look.
                    SecurityLog.NotReloaded(_logger, Path.GetFileName(_path), wrong.Message);
                }
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private byte[] Read()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > MaxBytes)
        {
            throw new SecurityFileException([$"The file of keys has {file.Length:N0} bytes; at most {MaxBytes:N0} are read."]);
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
