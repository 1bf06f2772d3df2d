using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>Reads the blocks of one segment, in order. No length is believed before it was checked.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SegmentReader : IDisposable
{
    private const int ChunkBytes = 256 * 1_024;

    private readonly SegmentFile _segment;
    private readonly IStoredFile _file;
    private readonly bool _isLast;
    private readonly long _limit;
    private byte[] _buffer;
    private long _bufferAt;
    private int _buffered;

    /// <param name="files">Where it is.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="limit">How much of it counts by the header of the next; null for the last one.</param>
    /// <exception cref="JournalDamagedException">The file is shorter than that, or its header is damaged.</exception>
    public SegmentReader(IFileStore files, SegmentFile segment, long? limit)
    {
        segment.Checked();
        _segment = segment;
        _isLast = limit is null;
        _limit = limit ?? segment.Bytes;
        if (_limit > segment.Bytes || _limit < SegmentHeader.Size)
        {
            throw new JournalDamagedException(segment.Path, segment.Bytes, $"the file has {segment.Bytes} bytes, the next segment says it had {_limit}");
        }

        _buffer = new byte[Math.Min(ChunkBytes, _limit)];
        _file = files.Open(segment.Path);
        _bufferAt = Position = SegmentHeader.Size;
        NextSequence = segment.Header.FirstSequence;
    }

    /// <summary>Where the next block begins.</summary>
    public long Position { get; private set; }

    /// <summary>The sequence of the next record.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Whether the segment ends with the mark of a journal that was closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The torn tail behind the last block; null when there is none, or it was not reached yet.</summary>
    public TornTail? Torn { get; private set; }

    /// <summary>The payload of the block that was read last: where it begins in <see cref="Buffer"/>.</summary>
    public int PayloadAt { get; private set; }

    /// <summary>Holds the payload until the next read.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Reads the next block.</summary>
    /// <returns><see langword="false"/> at the end.</returns>
    /// <exception cref="JournalDamagedException">What comes is no block and no torn tail.</exception>
    public bool TryRead(out BlockHeader header)
    {
        header = default;
        if (Position == _limit)
        {
            return false;
        }

        if (IsClosed)
        {
            return EndAt("bytes follow the mark of a closed journal");
        }

        if (!Fill(BlockHeader.Size))
        {
            return EndAt("a block's header is cut short");
        }

        string? fault = BlockHeader.Read(_buffer.AsSpan(Start), out header)
            ?? (header.Offset != Position || header.SegmentNumber != unchecked((uint)_segment.Number) || header.Lane != _segment.Header.Lane
                ? "the block belongs to another place"
            : header.SyncedBytes < SegmentHeader.Size || header.SyncedBytes > Position ? "the block's header holds a number that is out of range"
            : !Fill(header.BlockBytes) ? "the block is cut short"
            : !BlockHeader.IsSealed(_buffer.AsSpan(Start, header.BlockBytes)) ? "the block's CRC is wrong"
            : null);
        if (fault is not null)
        {
            return EndAt(fault);
        }

        if (header.FirstSequence != NextSequence)
        {
            throw new JournalDamagedException(_segment.Path, Position, $"record {NextSequence} should come, and {header.FirstSequence} does");
        }

        PayloadAt = Start + BlockHeader.Size;
        Position += header.BlockBytes;
        NextSequence += header.Count;
        IsClosed = header.Kind == BlockKind.End;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private int Start => (int)(Position - _bufferAt);

    /// <summary>What cannot be read is a torn tail, unless a later block says that it was safe once.</summary>
    private bool EndAt(string fault)
    {
        if (!_isLast)
        {
            throw new JournalDamagedException(_segment.Path, Position, fault);
        }

        var scan = TailScan.Of(_file, _segment.Number, Position);
        if (scan.LastWholeBlockSynced > Position)
        {
            throw new JournalDamagedException(_segment.Path, Position, fault + ", and a block behind it says that it was safe");
        }

        Torn = scan.LastByte > Position ? new TornTail(_segment.Path, Position, scan.LastByte - Position) : null;
        return false;
    }

    /// <summary>Has so many bytes from <see cref="Position"/> on in the buffer, unless the segment has not so many.</summary>
    private bool Fill(int count)
    {
        int start = Start;
        if (_buffered - start >= count)
        {
            return true;
        }

        if (_limit - Position < count)
        {
            return false;
        }

        _buffer.AsSpan(start, _buffered - start).CopyTo(_buffer);
        (_bufferAt, _buffered) = (Position, _buffered - start);
        if (count > _buffer.Length)
        {
            Array.Resize(ref _buffer, count);
        }

        int wanted = (int)Math.Min(_buffer.Length, _limit - Position) - _buffered;
        _buffered += _file.Read(Position + _buffered, _buffer.AsSpan(_buffered, wanted));
        return _buffered >= count;
    }
}
