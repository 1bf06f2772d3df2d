using System.Security.Cryptography;

namespace PricingCore.Rules;

/// <summary>Follows a rules file and hands on its rules each time they change and are right.</summary>
/// <remarks>
/// <para>It looks at the file at a fixed interval: at length and time of last write, and at the content where these changed.
/// Polling, because change notices of the operating system get lost on network drives and mounted volumes.</para>
/// <para>What is wrong must be wrong at two looks in a row, with the same content, before it is reported: a file that is just being
/// written or replaced is no news. Each wrong content is reported once. The running rules stay until the file is right.</para>
/// </remarks>
/// <threadsafety>Safe from any thread. The callbacks run one at a time, on a thread of the time provider's timer.</threadsafety>
public sealed class RuleFileWatcher : IAsyncDisposable
{
    private static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastPollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LargestPollInterval = TimeSpan.FromHours(1);

    // File systems keep the time of last write in steps of up to two seconds, so a change within them may not show.
    private static readonly TimeSpan FileTimeStep = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly Func<RuleSet, CancellationToken, ValueTask> _publish;
    private readonly Action<Exception> _refused;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _oneLook = new(1, 1);
    private readonly ITimer _timer;

    private (long Length, DateTime LastWrite)? _stamp; // Null: look at the content, whatever the stamp.
    private string? _publishedHash;
    private string? _settledContent; // Content that needs no second look: published, or wrong and reported.
    private string? _suspect; // What was wrong at the last look, and is not yet reported.
    private volatile Exception? _problem;
    private int _disposed;

    /// <summary>Starts to follow a file; the first look is one interval from now.</summary>
    /// <param name="path">The rules file; it need not exist yet.</param>
    /// <param name="timeProvider">Drives the looks.</param>
    /// <param name="publish">
    /// Takes each new rule set. When it throws, the exception is reported, and it is called again at the next look.
    /// </param>
    /// <param name="refused">
    /// Takes what is wrong: a <see cref="RuleSetException"/> that lists every error, the exception of a file that cannot be read, or
    /// what <paramref name="publish"/> threw. What it throws itself is ignored.
    /// </param>
    /// <param name="running">The rules that run already, which are not published again; null for none.</param>
    /// <param name="pollInterval">From 100 milliseconds to 1 hour; 1 second when null.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="ArgumentNullException">A required argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pollInterval"/> is below 100 milliseconds or above 1 hour.</exception>
    public RuleFileWatcher(
        string path,
        TimeProvider timeProvider,
        Func<RuleSet, CancellationToken, ValueTask> publish,
        Action<Exception> refused,
        RuleSet? running = null,
        TimeSpan? pollInterval = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(publish);
        ArgumentNullException.ThrowIfNull(refused);
        TimeSpan interval = pollInterval ?? DefaultPollInterval;
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, LeastPollInterval, nameof(pollInterval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, LargestPollInterval, nameof(pollInterval));

        _path = Path.GetFullPath(path);
        _timeProvider = timeProvider;
        _publish = publish;
        _refused = refused;
        _publishedHash = running?.Hash;
        _timer = timeProvider.CreateTimer(state => _ = ((RuleFileWatcher)state!).LookAsync(), this, interval, interval);
    }

    /// <summary>What was reported as wrong and still is: with the file, or with its rules' way into force. Null when the rules in the file are those that were handed on.</summary>
    public Exception? Problem => _problem;

    /// <summary>Stops to follow the file and waits for a callback that is running. Not to be called from a callback.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _oneLook.WaitAsync().ConfigureAwait(false); // Never released: no look starts again.
        _stopping.Dispose();
    }

    // Never throws: there is nobody above a timer to catch.
    private async Task LookAsync()
    {
        if (!_oneLook.Wait(0, CancellationToken.None))
        {
            return; // The last look is still publishing, or the watcher is disposed.
        }

        try
        {
            await FollowAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The watcher is being disposed.
        }
#pragma warning disable CA1031 // Whatever goes wrong with one look, the next must come.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _stamp = null;
            Report(problem);
        }
        finally
        {
            _oneLook.Release();
        }
    }

    private async ValueTask FollowAsync()
    {
        string? content = null;
        RuleSet rules;
        try
        {
            var file = new FileInfo(_path);
            (long, DateTime)? stamp = (file.Length, file.LastWriteTimeUtc);
            if (stamp == _stamp)
            {
                return;
            }

            // Another write may follow within the same file time: this stamp says nothing yet.
            bool isSettled = _timeProvider.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc >= FileTimeStep;
            stamp = isSettled ? stamp : null;

            byte[] bytes = RuleFile.Read(_path);
            content = Convert.ToHexString(SHA256.HashData(bytes));
            if (content == _settledContent)
            {
                (_stamp, _suspect) = (stamp, null);
                return;
            }

            _stamp = null;
            rules = RuleFile.Parse(bytes);
            _stamp = stamp;
        }
        catch (Exception problem) when (problem is RuleSetException or IOException or UnauthorizedAccessException)
        {
            Refuse(content ?? problem.GetType().Name, problem);
            return;
        }

        if (rules.Hash != _publishedHash)
        {
            await _publish(rules, _stopping.Token).ConfigureAwait(false);
            _publishedHash = rules.Hash;
        }

        (_settledContent, _suspect) = (content, null);
        _problem = null;
    }

    private void Refuse(string suspect, Exception problem)
    {
        _stamp = null;
        if (suspect != _suspect)
        {
            (_suspect, _settledContent) = (suspect, null);
            return;
        }

        if (suspect != _settledContent)
        {
            _settledContent = suspect;
            Report(problem);
        }
    }

    private void Report(Exception problem)
    {
        _problem = problem;
        try
        {
            _refused(problem);
        }
#pragma warning disable CA1031 // A callback that fails must not end the watch.
        catch (Exception)
#pragma warning restore CA1031
        {
            // There is nobody else to tell.
        }
    }
}
