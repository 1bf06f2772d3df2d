using Microsoft.Extensions.Logging;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>Records decisions and quotes, on a thread of its own. Reserve a place first; then recording always succeeds, and nothing is dropped.</summary>
/// <remarks>
/// <para>Who asks for a decision or is about to serve a quote calls <see cref="TryReserve"/> and refuses the request when it says no; then
/// either records, once, or calls <see cref="Release"/>. Recording copies what the caller has; encoding, hashing and writing happen here.</para>
/// <para>Records are safe within the flush interval. When the disk fails, reservations are refused at once; what was recorded stays in
/// memory and is written when the disk works again.</para>
/// </remarks>
/// <threadsafety>Any thread, but <see cref="Dispose"/>: one, when nobody records any more.</threadsafety>
internal sealed class AuditLog : IDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private readonly AuditOptions _options;
    private readonly AuditQueue _queue;
    private readonly AuditWriter _writer;
    private readonly AuditSources _sources = new();
    private readonly AuditReader _reader;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _signal = new(initialState: false, spinCount: 0);
    private readonly Lock _stepped = new();
    private readonly SipHash _userHash;
    private readonly long _wakeMask;
    private readonly ulong _sampledBelow;
    private volatile TaskCompletionSource _nextStep = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private volatile bool _hasFailed;

    /// <param name="options">Limits and choices, which are valid and name a directory.</param>
    /// <param name="store">The files.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    public AuditLog(AuditOptions options, IFileStore store, int features, ILogger logger)
    {
        _options = options;
        _logger = logger;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features, AuditFormat.MaxFeatures);
        _queue = new AuditQueue(options.RingCapacity, options.WithFeatures ? features : 0);
        var files = new SegmentFiles(store, options.Directory!);
        _writer = new AuditWriter(options, _queue, files, _sources, logger);
        _reader = new AuditReader(files, () => _writer.Open);
        _userHash = options.UserKey.IsEmpty ? default : new SipHash(options.UserKey.Span);
        _wakeMask = Math.Max(options.RingCapacity / 4, 1) - 1;
        _sampledBelow = options.QuoteSampling >= 1 ? ulong.MaxValue : (ulong)(options.QuoteSampling * ulong.MaxValue);
        _thread = new Thread(Run) { IsBackground = true, Name = "PricingCore audit" };
    }

    /// <summary>Records that wait for the disk, and reserved places.</summary>
    public int Taken => _queue.Taken;

    /// <summary>Whether the disk takes no records now: reservations are refused.</summary>
    public bool IsFailing => _writer.IsFailing || _hasFailed;

    /// <summary>Opens the log, cuts a torn tail, and begins to write.</summary>
    /// <param name="now">The time, in microseconds since 1970.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read or written.</exception>
    public void Start(long now)
    {
        _writer.Start(now);
        _thread.Start();
    }

    /// <summary>Opens the log without a thread; <see cref="Step"/> takes its place. For a simulation.</summary>
    public void StartWithoutThread(long now) => _writer.Start(now);

    /// <summary>Takes what waits to disk; only after <see cref="StartWithoutThread"/>.</summary>
    public bool Step() => _writer.Step();

    /// <summary>The last decision of a lane that the log has, to be read once it is open: later ones are still to be recorded, earlier ones are left out.</summary>
    public long LastOrdinal(int lane) => _writer.Open!.State.Ordinals[lane];

    /// <summary>Tells of rules before a decision follows them.</summary>
    public void Use(Rules.RuleSet rules) => _sources.Add(rules);

    /// <summary>Tells of rules that decisions of a journal's tail followed. They come faster than they are written, so those before are written first.</summary>
    public void UseAgain(Rules.RuleSet rules)
    {
        if (_sources.IsFull)
        {
            _ = Flush(LongestStop);
        }

        Use(rules);
    }

    /// <summary>Tells of a model before a decision uses it.</summary>
    /// <param name="version">As decisions name it.</param>
    /// <param name="sha256">Of its graph, 64 hexadecimal digits.</param>
    public void UseModel(string version, string sha256) => _sources.AddModel(version, sha256);

    /// <summary>Whether a quote is to be recorded: by the level, and by its request's draw.</summary>
    public bool IsWanted(in QuoteRequest request) =>
        _options.Level == AuditLevel.Quote
        && (_sampledBelow == ulong.MaxValue || SipHash.Public.Hash64(request.RequestId ?? request.TraceId ?? request.RegionId) < _sampledBelow);

    /// <summary>Takes a place.</summary>
    /// <returns><see langword="false"/>, and there is none, when the log is full or its disk fails: refuse the request.</returns>
    public bool TryReserve() => !IsFailing && !_isStopping && _queue.TryReserve();

    /// <summary>Takes a place, waiting for one: when a journal's tail is handled at the start, there is nobody to refuse.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public void Reserve(CancellationToken cancellation)
    {
        while (!_queue.TryReserve())
        {
            if ((_thread.ThreadState & ThreadState.Unstarted) != 0)
            {
                _ = _writer.Step() ? true : throw new IOException("The audit log is full, and its disk fails.");
                continue;
            }

            Task step = _nextStep.Task;
            _signal.Set();
            step.Wait(cancellation);
        }
    }

    /// <summary>Gives a place back: nothing came of it.</summary>
    public void Release() => _queue.Cancel();

    /// <summary>Records a quote in a reserved place. Allocates nothing.</summary>
    /// <param name="quote">The quote that is served.</param>
    /// <param name="now">When, in microseconds since 1970.</param>
    /// <param name="userId">The user; only its keyed hash is kept, and nothing without a key.</param>
    public void Record(in Quote quote, long now, string? userId = null) => Add(
        new AuditEntry
        {
            Kind = AuditRecordKind.Quote,
            Time = now,
            Quote = quote,
            User = userId is null || _options.UserKey.IsEmpty ? default : _userHash.Hash128(userId, salt: 0),
        },
        []);

    /// <summary>Records a decision in a reserved place. Allocates nothing.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="lane">Its lane, from 0 to 63.</param>
    /// <param name="ordinal">Its number in the lane, from 1 on without gaps; one that the log has is left out.</param>
    /// <param name="journalSequence">The request's sequence in the journal; 0 without one.</param>
    /// <param name="now">When, in microseconds since 1970.</param>
    /// <param name="row">The features it saw; empty for none.</param>
    public void Record(SurgeDecision decision, int lane, long ordinal, long journalSequence, long now, ReadOnlySpan<float> row) => Add(
        new AuditEntry
        {
            Kind = AuditRecordKind.Decision,
            Time = now,
            Decision = decision,
            Lane = lane,
            Ordinal = ordinal,
            JournalSequence = journalSequence,
            FeaturesHash = row.IsEmpty ? default : SipHash.Public.Hash128(System.Runtime.InteropServices.MemoryMarshal.AsBytes(row)),
            Features = row.IsEmpty ? 0 : _options.WithFeatures ? row.Length : -1,
        },
        _options.WithFeatures ? row : []);

    /// <summary>Records in a reserved place that a key of user ids is destroyed.</summary>
    public void RecordKeyDestroyed(string keyName, long now) =>
        Add(new AuditEntry { Kind = AuditRecordKind.KeyDestroyed, Time = now, KeyName = keyName }, []);

    /// <summary>Waits until everything recorded before is safe.</summary>
    /// <returns><see langword="false"/> when it is not within the time.</returns>
    public bool Flush(TimeSpan timeout)
    {
        if ((_thread.ThreadState & ThreadState.Unstarted) != 0)
        {
            return _writer.Step();
        }

        long target = _queue.Recorded;
        var deadline = new CancellationTokenSource(timeout);
        try
        {
            while (true)
            {
                Task step = _nextStep.Task;
                if (_writer.SafeEntries >= target)
                {
                    return true;
                }

                _signal.Set();
                step.Wait(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            deadline.Dispose();
        }
    }

    /// <summary>Finds the newest quote of a request that is safe on disk, or was recorded and becomes so within a second.</summary>
    /// <exception cref="AuditException">A record cannot be read.</exception>
    public bool TryFindQuote(string requestId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AuditedQuote? quote) =>
        _reader.TryFindQuote(requestId, out quote) || (Flush(TimeSpan.FromSeconds(1)) && _reader.TryFindQuote(requestId, out quote));

    /// <summary>Finds a decision that is safe on disk, or was recorded and becomes so within a second.</summary>
    /// <exception cref="AuditException">A record cannot be read.</exception>
    public bool TryFindDecision(DecisionId id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AuditedDecision? decision) =>
        _reader.TryFindDecision(id, out decision) || (Flush(TimeSpan.FromSeconds(1)) && _reader.TryFindDecision(id, out decision));

    /// <summary>Writes what is recorded and ends the thread. What a failing disk does not take is lost then, and said.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _signal.Set();
        if ((_thread.ThreadState & ThreadState.Unstarted) == 0 && !_thread.Join(LongestStop))
        {
            return; // A disk that hangs: the thread does not keep the process alive, and still uses the files.
        }

        _writer.Dispose();
        _signal.Dispose();
    }

    private void Add(in AuditEntry entry, ReadOnlySpan<float> row)
    {
        // The thread looks by itself at each interval; it is woken only when the queue fills up faster.
        if ((_queue.Record(entry, row) & _wakeMask) == _wakeMask)
        {
            _signal.Set();
        }
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                bool isLast = _isStopping;
                _writer.Step();
                CompleteStep();
                if (isLast)
                {
                    return;
                }

                _signal.Wait(_options.FlushInterval);
                _signal.Reset();
            }
        }
        catch (Exception failure)
        {
            _hasFailed = true;
            AuditLogNotes.ThreadFailed(_logger, failure);
            CompleteStep();
        }
    }

    private void CompleteStep()
    {
        lock (_stepped)
        {
            TaskCompletionSource step = _nextStep;
            _nextStep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            step.SetResult();
        }
    }
}
