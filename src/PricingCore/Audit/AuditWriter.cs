using Microsoft.Extensions.Logging;
using PricingCore.Numerics;

namespace PricingCore.Audit;

/// <summary>Takes what waits in the queue to disk, step by step; without a thread or a clock of its own.</summary>
/// <remarks>A step that fails changes nothing that a later one does not make good: what is encoded stays in memory, what is not stays in the queue.</remarks>
/// <threadsafety>One thread at a time: the log's. <see cref="Open"/> and <see cref="IsFailing"/> may be read by any.</threadsafety>
internal sealed class AuditWriter : IDisposable
{
    /// <summary>Bytes after which a flush is due however much still waits.</summary>
    private const int FlushBytes = 1_048_576;

    private readonly AuditQueue _queue;
    private readonly SegmentFiles _files;
    private readonly AuditEncoder _encoder;
    private readonly AuditRetention _retention;
    private readonly ILogger _logger;
    private readonly long _segmentBytes;
    private readonly string _keyName;
    private volatile OpenSegment? _open;
    private SegmentTrailer? _closing;
    private volatile bool _isFailing;
    private long _safeEntries;

    public AuditWriter(AuditOptions options, AuditQueue queue, SegmentFiles files, AuditSources sources, ILogger logger)
    {
        _queue = queue;
        _files = files;
        _logger = logger;
        _encoder = new AuditEncoder(sources, logger);
        _retention = new AuditRetention(files, UnixMicros.From(options.KeepFor), logger);
        _segmentBytes = options.SegmentBytes;
        _keyName = AuditKeyFile.NameOf(options.UserKey.Span);
    }

    /// <summary>The segment that is written.</summary>
    public OpenSegment? Open => _open;

    /// <summary>Whether the last step failed.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>The newest time of a record.</summary>
    public long LastAt { get; private set; }

    /// <summary>Entries of the queue that are safe on disk.</summary>
    public long SafeEntries => Volatile.Read(ref _safeEntries);

    /// <summary>Finds where the log is to go on.</summary>
    /// <param name="now">The time, in microseconds since 1970.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public void Start(long now)
    {
        var recovery = new AuditRecovery(_files, _logger);
        recovery.Run();
        LastAt = Math.Max(now, recovery.LastAt);
        _open = recovery.Segment ?? Begin(recovery.NextNumber, recovery.Link, recovery.Previous, recovery.Ordinals, buffer: null);
        RecordWriter started = _open.Begin(LastAt);
        ReadOnlySpan<long> ordinals = _open.State.Ordinals;
        NoteRecords.WriteStarted(ref started, recovery.BytesCut, _keyName, ordinals[..(ordinals.LastIndexOfAnyExcept(0) + 1)]);
        _open.Commit(started, AuditRecordKind.Started, LastAt);
        if (recovery.Damage is var (segment, offset))
        {
            RecordWriter damaged = _open.Begin(LastAt);
            NoteRecords.WriteDamaged(ref damaged, segment, offset);
            _open.Commit(damaged, AuditRecordKind.Damaged, LastAt);
        }

        _open.Flush();
        _retention.Learn(_open.Header.Number);
        _retention.Apply(_open, LastAt);
    }

    /// <summary>Takes everything that waits to disk.</summary>
    /// <returns><see langword="false"/> when the disk does not take it; call again later.</returns>
    public bool Step()
    {
        try
        {
            long encoded = Encode();
            Finish();
            Volatile.Write(ref _safeEntries, encoded);
            if (_isFailing)
            {
                _isFailing = false;
                AuditLogNotes.WritesAgain(_logger);
            }

            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
            {
                _isFailing = true;
                AuditLogNotes.CannotWrite(_logger, _queue.Taken, failure);
            }

            return false;
        }
    }

    /// <summary>Leaves the segment open: the next start goes on in it.</summary>
    public void Dispose() => _open?.Dispose();

    private long Encode()
    {
        Finish(); // What an earlier step could not.
        long encoded = _queue.Read;
        while (_queue.TryPeek(out AuditQueue.WaitingEntry waiting))
        {
            ref readonly AuditEntry entry = ref waiting.Entry;
            LastAt = Math.Max(LastAt, entry.Time);
            _encoder.Write(_open!, entry, waiting.Row[..Math.Max(entry.Features, 0)]);
            _queue.Release();
            encoded++;
            if (_open!.PendingBytes >= FlushBytes)
            {
                Finish();
            }
        }

        return encoded;
    }

    /// <summary>Flushes; and when the segment is large enough, closes it and begins the next.</summary>
    private void Finish()
    {
        OpenSegment open = _open!;
        open.Flush();
        if (_closing is null && open.Length >= _segmentBytes)
        {
            _closing = open.AppendClosing();
            open.Flush();
        }

        if (_closing is not null)
        {
            Roll(open, _closing);
        }
    }

    private void Roll(OpenSegment closed, SegmentTrailer trailer)
    {
        WriteIndex(closed, trailer);
        OpenSegment next = Begin(closed.Header.Number + 1, SegmentLink.Trailer, trailer.Hash(), closed.State.Ordinals, closed.TakeBuffer());
        _closing = null;
        _open = next;
        closed.Dispose();
        _retention.Add(trailer);
        _retention.Apply(next, LastAt);
    }

    private OpenSegment Begin(int number, SegmentLink link, byte[] previous, ReadOnlySpan<long> ordinals, byte[]? buffer)
    {
        var header = new SegmentHeader(number, link, previous, LastAt);
        return new OpenSegment(header, _files.Create(header), AuditFormat.HeaderBytes, new SegmentState(ordinals), buffer);
    }

    private void WriteIndex(OpenSegment closed, SegmentTrailer trailer)
    {
        try
        {
            _files.WriteIndex(trailer, closed.State.Keys);
        }
        catch (IOException failure)
        {
            AuditLogNotes.IndexNotWritten(_logger, _files.PathOf(trailer.Segment), failure); // A reader makes it.
        }
    }
}
