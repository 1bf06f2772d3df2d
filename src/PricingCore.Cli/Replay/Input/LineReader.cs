using System.Buffers;
using System.IO.Pipelines;

namespace PricingCore.Cli.Replay.Input;

/// <summary>Cuts a stream into lines, and never holds more than one line of the largest length.</summary>
/// <remarks>Lines end with LF or CR LF. A byte order mark is left out. A line that is too long is found, counted and not kept.</remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class LineReader : IAsyncDisposable
{
    /// <summary>The longest line unless told: 1 MiB.</summary>
    public const int DefaultMaxLineBytes = 1024 * 1024;

    private const int BlockBytes = 256 * 1024;

    private readonly PipeReader _pipe;
    private readonly int _maxLineBytes;
    private byte[] _joined = [];
    private ReadOnlySequence<byte> _unread;
    private ReadOnlyMemory<byte> _line;
    private bool _completed;
    private bool _holdsBuffer;

    public LineReader(Stream content, int maxLineBytes = DefaultMaxLineBytes)
    {
        _maxLineBytes = maxLineBytes;
        _pipe = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: BlockBytes, minimumReadSize: BlockBytes / 4));
    }

    /// <summary>The line without its end; valid until the next move.</summary>
    public ReadOnlySpan<byte> Line => _line.Span;

    /// <summary>Number of the line, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Whether the line was longer than allowed; <see cref="Line"/> is empty then.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Why reading stopped before the end; null when it did not.</summary>
    public string? Broken { get; private set; }

    /// <summary>Moves to the next line; false at the end, or when the rest cannot be read.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        // The usual case, without a state machine: the line is in the buffer already.
        if (TryCut(out bool found))
        {
            return new ValueTask<bool>(found);
        }

        return ReadMoreAsync();
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private bool TryCut(out bool found)
    {
        found = false;
        if (!_holdsBuffer)
        {
            return _completed;
        }

        SequencePosition? end = _unread.PositionOf((byte)'\n');
        if (end is null)
        {
            return false;
        }

        Take(_unread.Slice(0, end.Value));
        _unread = _unread.Slice(_unread.GetPosition(1, end.Value));
        found = true;
        return true;
    }

    private async ValueTask<bool> ReadMoreAsync()
    {
        bool skipping = false;
        while (true)
        {
            if (_holdsBuffer)
            {
                skipping |= _unread.Length > _maxLineBytes + 1L;
                _pipe.AdvanceTo(skipping ? _unread.End : _unread.Start, _unread.End);
                _holdsBuffer = false;
            }

            ReadResult result;
            try
            {
                result = await _pipe.ReadAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                Broken = exception.Message;
                _completed = true;
                return false;
            }

            _unread = result.Buffer;
            _holdsBuffer = true;
            SequencePosition? end = _unread.PositionOf((byte)'\n');
            if (end is null && !result.IsCompleted)
            {
                continue;
            }

            return FinishLine(end, skipping);
        }
    }

    private bool FinishLine(SequencePosition? end, bool skipping)
    {
        if (end is null && _unread.IsEmpty && !skipping)
        {
            _pipe.AdvanceTo(_unread.End);
            _holdsBuffer = false;
            _completed = true;
            return false;
        }

        Take(end is null ? _unread : _unread.Slice(0, end.Value), skipping);
        _unread = end is null ? _unread.Slice(_unread.End) : _unread.Slice(_unread.GetPosition(1, end.Value));
        return true;
    }

    private void Take(in ReadOnlySequence<byte> line, bool skipped = false)
    {
        LineNumber++;
        IsTooLong = skipped || line.Length > _maxLineBytes + 1L;
        if (IsTooLong)
        {
            _line = default;
            return;
        }

        _line = line.IsSingleSegment ? line.First : Join(line);
        if (LineNumber == 1 && _line.Span.StartsWith("\uFEFF"u8))
        {
            _line = _line[3..];
        }

        if (_line.Span.EndsWith("\r"u8))
        {
            _line = _line[..^1];
        }

        IsTooLong = _line.Length > _maxLineBytes;
    }

    private ReadOnlyMemory<byte> Join(in ReadOnlySequence<byte> line)
    {
        int length = (int)line.Length;
        if (_joined.Length < length)
        {
            _joined = new byte[Math.Min(_maxLineBytes + 1, Math.Max(length, 2 * _joined.Length))];
        }

        line.CopyTo(_joined);
        return _joined.AsMemory(0, length);
    }
}
