using PricingCore.Events;
using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>The writing side of a lane's journal: packs records into blocks, and groups of blocks into segments.</summary>
/// <remarks>
/// <para>What is not yet safe on disk is kept in memory. When a write or a sync fails, the segment ends where it was safe, and the next
/// <see cref="Commit"/> begins a new one with all that is missing: after a failed sync nothing is known of what was written since the last.</para>
/// <para>Each start begins a new segment, after the tail of the last was cut.</para>
/// </remarks>
/// <threadsafety>One thread; <see cref="DurableSequence"/> may be read by any.</threadsafety>
internal sealed class JournalWriter : IDisposable
{
    private readonly IFileStore _files;
    private readonly string _directory;
    private readonly JournalSettings _settings;
    private readonly PendingBlocks _pending;
    private readonly KeptSegments _kept;
    private readonly AcceptedEvent[] _block = new AcceptedEvent[JournalFormat.MaxRecordsInBlock];
    private int _inBlock;
    private OpenSegment? _segment;
    private long _lastNumber;
    private long _lastBytes;
    private long _durable;
    private bool _isAfterGap;

    /// <param name="files">Where to.</param>
    /// <param name="directory">The lane's directory; made when it is not there. A torn tail in it is cut.</param>
    /// <param name="settings">How.</param>
    /// <param name="nextSequence">Of the next record. More than the journal's next when records are lost for good, which leaves a gap.</param>
    /// <exception cref="JournalDamagedException">The last segment is damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The journal holds that record already.</exception>
    /// <exception cref="NotSupportedException">The codec needs a library that is not there.</exception>
    public JournalWriter(IFileStore files, string directory, JournalSettings settings, long nextSequence)
    {
        if (settings.Codec == JournalCodec.Lz4)
        {
            Lz4Library.Demand();
        }

        _files = files;
        _directory = directory;
        _settings = settings;
        files.CreateDirectory(directory);
        JournalTail tail = JournalTail.Cut(files, directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(nextSequence, tail.NextSequence);
        _isAfterGap = tail.LastNumber > 0 && nextSequence > tail.NextSequence;
        _lastNumber = tail.LastNumber;
        _lastBytes = tail.LastBytes;
        NextSequence = nextSequence;
        _durable = nextSequence - 1;
        _pending = new PendingBlocks(settings.Codec);
        _kept = new KeptSegments(files, directory);
    }

    /// <summary>The sequence of the next record.</summary>
    public long NextSequence { get; private set; }

    /// <summary>The last record that is safe on disk.</summary>
    public long DurableSequence => Volatile.Read(ref _durable);

    /// <summary>Whether no more can be kept in memory: <see cref="Commit"/>, or <see cref="GiveUpPending"/>, must come first.</summary>
    public bool IsFull => _pending.Bytes >= _settings.MaxPendingBytes;

    /// <summary>Appends records, in memory. Receipts are of this process only and are left out.</summary>
    /// <exception cref="InvalidOperationException">It <see cref="IsFull"/>.</exception>
    public void Append(ReadOnlySpan<AcceptedEvent> records)
    {
        ThrowIfFull();
        while (!records.IsEmpty)
        {
            int count = Math.Min(records.Length, _block.Length - _inBlock);
            Span<AcceptedEvent> target = _block.AsSpan(_inBlock, count);
            records[..count].CopyTo(target);
            foreach (ref AcceptedEvent record in target)
            {
                record.Receipt = 0;
                record.Flags &= ~AcceptedEventFlags.Tagged;
            }

            _inBlock += count;
            NextSequence += count;
            records = records[count..];
            if (_inBlock == _block.Length)
            {
                CloseBlock();
            }
        }
    }

    /// <summary>Appends a note, in memory, before the next record.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="payload">Up to 16 MiB.</param>
    /// <exception cref="InvalidOperationException">It <see cref="IsFull"/>.</exception>
    public void AppendNote(JournalNoteKind kind, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, JournalFormat.MaxNoteBytes, nameof(payload));
        ThrowIfFull();
        CloseBlock();
        _pending.AddNote(kind, payload, NextSequence);
    }

    /// <summary>Writes what was appended.</summary>
    /// <param name="sync">Whether to make it safe, too. It is in any case when much is waiting for it.</param>
    /// <exception cref="IOException">It failed; nothing is lost, and it may be called again.</exception>
    public void Commit(bool sync)
    {
        CloseBlock();
        try
        {
            WritePending();
            if (sync || _pending.Bytes > _settings.MaxPendingBytes / 2)
            {
                MakeSafe();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Abandon();
            throw exception as IOException ?? new IOException(exception.Message, exception);
        }
    }

    /// <summary>Forgets what is not safe on disk. The journal has a gap there, which a reader can only begin behind.</summary>
    public void GiveUpPending()
    {
        if (_durable == NextSequence - 1 && _pending.Bytes == 0)
        {
            return;
        }

        Abandon();
        _inBlock = 0;
        _pending.Clear();
        _isAfterGap = true;
    }

    /// <summary>Removes segments that are too old or too much.</summary>
    /// <param name="keepFromSequence">No record from this one on goes away: the oldest snapshot needs it.</param>
    /// <param name="nowMicros">The time.</param>
    /// <exception cref="IOException">One could not be removed.</exception>
    public void Retire(long keepFromSequence, long nowMicros) =>
        _kept.Retire(Math.Min(keepFromSequence, DurableSequence + 1), nowMicros - _settings.KeepMicros, _settings.KeepBytes);

    /// <summary>As <see cref="Retire"/>; a segment that cannot be removed stays.</summary>
    /// <returns><see langword="false"/> when one could not be removed.</returns>
    public bool TryRetire(long keepFromSequence, long nowMicros)
    {
        try
        {
            Retire(keepFromSequence, nowMicros);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes all safe and marks the journal as closed, so that whatever is found damaged later is known to be no torn tail.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public void Close()
    {
        Commit(sync: true);
        if (_segment is not null)
        {
            _pending.AddEnd(NextSequence); // After the sync, so that it says of all before it that it was safe.
            Commit(sync: true);
            _segment!.Finish();
        }

        Dispose();
    }

    /// <summary>Lets go of the files as they are.</summary>
    public void Dispose()
    {
        _segment?.Dispose();
        _segment = null;
    }

    private void ThrowIfFull()
    {
        if (IsFull)
        {
            throw new InvalidOperationException($"{_pending.Bytes} bytes wait to be written, and {_settings.MaxPendingBytes} may: commit first.");
        }
    }

    private void CloseBlock()
    {
        if (_inBlock > 0)
        {
            _pending.AddRecords(_block.AsSpan(0, _inBlock), NextSequence - _inBlock);
            _inBlock = 0;
        }
    }

    private void WritePending()
    {
        while (_pending.HasUnwritten)
        {
            long time = _pending.NextTimeMicros();
            if (_segment is null || !HasRoom(_segment, time))
            {
                Roll(time);
            }

            OpenSegment segment = _segment!;
            segment.FirstTimeMicros = segment.FirstTimeMicros == 0 ? time : segment.FirstTimeMicros;
            ReadOnlySpan<byte> blocks = _pending.Place(
                _settings.SegmentBytes - segment.Position, segment.Position, segment.SafeBytes, segment.Header.Number, _settings.Lane);
            segment.Write(blocks);
            _pending.MarkWritten(blocks.Length);
        }
    }

    private bool HasRoom(OpenSegment segment, long time) =>
        segment.Position == SegmentHeader.Size
        || (segment.Position + _pending.NextBlockBytes <= _settings.SegmentBytes
            && (time == 0 || segment.FirstTimeMicros == 0 || time - segment.FirstTimeMicros < _settings.SegmentAgeMicros));

    private void Roll(long time)
    {
        if (_segment is { } full)
        {
            full.Finish();
            MarkSafe();
            (_lastNumber, _lastBytes) = (full.Header.Number, full.Position);
            full.Dispose();
            _segment = null;
        }

        var header = new SegmentHeader(_lastNumber + 1, _settings.Lane, _pending.NextSequence(), time, _lastBytes, _isAfterGap);
        long reserved = Math.Max(_settings.SegmentBytes, SegmentHeader.Size + _pending.NextBlockBytes);
        _segment = OpenSegment.Create(_files, _directory, header, reserved);
        _kept.Add(header, reserved);
        _isAfterGap = false;
    }

    private void MakeSafe()
    {
        _segment?.Sync();
        MarkSafe();
    }

    private void MarkSafe()
    {
        long durable = _durable;
        _pending.MarkSafe(ref durable);
        Volatile.Write(ref _durable, durable);
    }

    /// <summary>Leaves the segment as it was when it was last safe.</summary>
    private void Abandon()
    {
        _pending.Rewind();
        if (_segment is not { } segment)
        {
            return;
        }

        _segment = null;
        segment.Abandon();
        if (segment.SafeBytes == SegmentHeader.Size && OpenSegment.TryDelete(_files, segment.Path))
        {
            _isAfterGap = segment.Header.IsAfterGap;
            _kept.RemoveLast();
            return; // As if it had never been, so that a disk that fails for hours does not fill up with empty segments.
        }

        (_lastNumber, _lastBytes) = (segment.Header.Number, segment.SafeBytes);
    }
}
