using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>Reads a lane's journal from a record on, in bounded memory.</summary>
/// <remarks>
/// What comes out is what was written, without a hole: where that cannot be, it throws. Only at the end of the last segment bytes may be
/// unreadable without harm, as a crash leaves them; <see cref="Torn"/> then says how many. Damage to the very last group of blocks of a journal that
/// was not closed looks the same.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class JournalReader : IDisposable
{
    private readonly IFileStore _files;
    private readonly string _directory;
    private readonly List<SegmentFile> _segments;
    private readonly long _fromSequence;
    private readonly BlockDecoder _decoder = new();
    private SegmentReader? _segment;
    private int _next;

    private JournalReader(IFileStore files, string directory, long fromSequence)
    {
        _files = files;
        _directory = directory;
        _fromSequence = fromSequence;
        _segments = SegmentFile.List(files, directory);
        if (SegmentFile.DropUnborn(files, _segments) is { Bytes: > 0 } unborn)
        {
            Torn = new TornTail(unborn.Path, 0, unborn.Bytes);
        }

        _next = fromSequence == 0 ? 0 : Math.Max(0, _segments.FindLastIndex(segment => segment.Fault is null && segment.Header.FirstSequence <= fromSequence));
        while (_next > 0 && _segments[_next].Header is var first && first.FirstSequence == fromSequence && !first.IsAfterGap && _segments[_next - 1].Fault is null)
        {
            _next--; // Notes directly before the record may stand at the end of the segment before.
        }

        if (_segments.Count > 0)
        {
            NextSequence = _segments[_next].Checked().Header.FirstSequence;
        }

        if (NextSequence > fromSequence && fromSequence > 0)
        {
            string path = _segments.Count > 0 ? _segments[0].Path : directory;
            throw new JournalDamagedException(path, 0, $"the journal begins at record {NextSequence}, and {fromSequence} is needed");
        }
    }

    /// <summary>The torn tail; null when there is none, or the end was not reached yet.</summary>
    public TornTail? Torn { get; private set; }

    /// <summary>The sequence of the next record; at the end: of the next that is to be written.</summary>
    public long NextSequence { get; private set; } = 1;

    /// <summary>Bytes of the segments that are read.</summary>
    public long PositionBytes { get; private set; }

    /// <summary>Bytes of all segments.</summary>
    public long LengthBytes => _segments.Sum(segment => segment.Bytes);

    /// <summary>How many segments there are.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>Whether what was read last is the mark of a journal that was closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The header of the block that was read last.</summary>
    public BlockHeader Header { get; private set; }

    /// <summary>Opens a journal.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="directory">The lane's directory; need not exist.</param>
    /// <param name="fromSequence">The first record that is wanted; 0: the first there is. Notes before it are left out; those directly before it are not.</param>
    /// <exception cref="JournalDamagedException">The record is not there any more, or its segment is damaged.</exception>
    public static JournalReader Open(IFileStore files, string directory, long fromSequence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        return new JournalReader(files, directory, fromSequence);
    }

    /// <summary>Reads the next records or note.</summary>
    /// <returns><see langword="false"/> at the end.</returns>
    /// <exception cref="JournalDamagedException">The journal is damaged here, or ends before the first record that was wanted.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool TryRead(out JournalBlock block)
    {
        block = default;
        while (_segment is not null || OpenNext())
        {
            long at = _segment!.Position;
            if (!_segment.TryRead(out BlockHeader header))
            {
                Torn ??= _segment.Torn;
                _segment.Dispose();
                _segment = null;
                continue;
            }

            PositionBytes += header.BlockBytes;
            NextSequence = _segment.NextSequence;
            Header = header;
            IsClosed = header.Kind == BlockKind.End;
            bool isWanted = header.Kind == BlockKind.Note ? header.FirstSequence >= _fromSequence : NextSequence > _fromSequence;
            if (header.Kind == BlockKind.End || !isWanted)
            {
                continue;
            }

            if (_decoder.Decode(header, _segment.Buffer, _segment.PayloadAt, out block) is { } fault)
            {
                throw new JournalDamagedException(_segments[_next - 1].Path, at, fault);
            }

            int skipped = (int)Math.Max(0, _fromSequence - header.FirstSequence);
            block = block.IsNote || skipped == 0 ? block : JournalBlock.Of(block.Records[skipped..], _fromSequence);
            return true;
        }

        return NextSequence >= _fromSequence
            ? false
            : throw new JournalDamagedException(
                _segments.Count > 0 ? _segments[^1].Path : _directory, 0, $"the journal ends before record {NextSequence}, and {_fromSequence} is needed");
    }

    public void Dispose() => _segment?.Dispose();

    private bool OpenNext()
    {
        if (_next == _segments.Count)
        {
            return false;
        }

        SegmentFile segment = _segments[_next].Checked();
        SegmentFile? next = _next + 1 < _segments.Count ? _segments[_next + 1].Checked() : null;
        if (next is not null && (next.Number != segment.Number + 1 || next.Header.Lane != segment.Header.Lane))
        {
            throw new JournalDamagedException(next.Path, 0, $"a segment is missing before it, or it is of another lane; {segment.Path} comes before");
        }

        if (segment.Header.FirstSequence != NextSequence || (PositionBytes > 0 && segment.Header.IsAfterGap))
        {
            throw new JournalDamagedException(segment.Path, 0, segment.Header.IsAfterGap
                ? $"records from {NextSequence} to {segment.Header.FirstSequence - 1} could not be stored when they came"
                : $"record {NextSequence} should come, and {segment.Header.FirstSequence} does");
        }

        _segment = new SegmentReader(_files, segment, next?.Header.PreviousBytes);
        PositionBytes += SegmentHeader.Size;
        _next++;
        return true;
    }
}
