using System.Buffers.Binary;
using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Blocks that are not yet safe on disk, one behind the other: first those that are written, then those that are not.</summary>
/// <remarks>They stay until they are safe, since a sync that fails says nothing of what was written before it: all of it is then written again.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class PendingBlocks(JournalCodec codec)
{
    private const int MinPackedBytes = 64; // Below, the codec's own frame eats the gain.

    private readonly byte[] _planes = new byte[JournalFormat.MaxRecordsInBlock * JournalFormat.RecordBytes];
    private byte[] _bytes = new byte[1 << 20];
    private byte[] _note = [];
    private int _start;
    private int _written;
    private int _end;

    /// <summary>Bytes that are not safe.</summary>
    public int Bytes => _end - _start;

    /// <summary>Whether there is something to write.</summary>
    public bool HasUnwritten => _written < _end;

    /// <summary>Bytes of the next block to write.</summary>
    public int NextBlockBytes => BlockHeader.BlockBytesOf(_bytes.AsSpan(_written));

    /// <summary>Adds a block of records; they are changed.</summary>
    public void AddRecords(Span<AcceptedEvent> records, long firstSequence)
    {
        Span<byte> block = Reserve(BlockHeader.Size + RecordPlanes.MaxHeadBytes + (records.Length * JournalFormat.RecordBytes));
        (int headBytes, int planeBytes) = RecordPlanes.Pack(records, block[BlockHeader.Size..], _planes);
        var header = new BlockHeader { Kind = BlockKind.Records, RawBytes = planeBytes, Count = records.Length, FirstSequence = firstSequence };
        Finish(ref header, headBytes, _planes, planeBytes);
    }

    /// <summary>Adds a note.</summary>
    public void AddNote(JournalNoteKind kind, ReadOnlySpan<byte> payload, long nextSequence)
    {
        Reserve(BlockHeader.Size + payload.Length);
        if (_note.Length < payload.Length)
        {
            _note = new byte[payload.Length];
        }

        payload.CopyTo(_note);
        var header = new BlockHeader { Kind = BlockKind.Note, NoteKind = kind, RawBytes = payload.Length, FirstSequence = nextSequence };
        Finish(ref header, 0, _note, payload.Length);
    }

    /// <summary>Adds the block that closes a journal.</summary>
    public void AddEnd(long nextSequence)
    {
        Reserve(BlockHeader.Size);
        var header = new BlockHeader { Kind = BlockKind.End, FirstSequence = nextSequence };
        Finish(ref header, 0, [], 0);
    }

    /// <summary>The next blocks to write that together fit into so many bytes, whole and sealed for their place; at least one.</summary>
    /// <param name="room">Bytes there are.</param>
    /// <param name="offset">Where in the segment they will stand.</param>
    /// <param name="syncedBytes">How much of the segment is safe.</param>
    /// <param name="segmentNumber">The segment.</param>
    /// <param name="lane">Its lane.</param>
    public ReadOnlySpan<byte> Place(long room, long offset, long syncedBytes, long segmentNumber, int lane)
    {
        int end = _written;
        do
        {
            Span<byte> block = _bytes.AsSpan(end, BlockHeader.BlockBytesOf(_bytes.AsSpan(end)));
            BlockHeader.Place(block, checked((uint)(offset + end - _written)), checked((uint)syncedBytes), segmentNumber, lane);
            end += block.Length;
        }
        while (end < _end && end - _written + BlockHeader.BlockBytesOf(_bytes.AsSpan(end)) <= room);

        return _bytes.AsSpan(_written, end - _written);
    }

    /// <summary>When the next record to write was received; 0 when only notes are left.</summary>
    public long NextTimeMicros()
    {
        for (int at = _written; at < _end; at += BlockHeader.BlockBytesOf(_bytes.AsSpan(at)))
        {
            if ((BlockKind)_bytes[at + 8] == BlockKind.Records)
            {
                return BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at + BlockHeader.Size + RecordPlanes.FirstTimeAt));
            }
        }

        return 0;
    }

    /// <summary>The sequence that the next block to write begins with.</summary>
    public long NextSequence() => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(_written + 24));

    /// <summary>So many bytes are written.</summary>
    public void MarkWritten(int count) => _written += count;

    /// <summary>What is written is safe now.</summary>
    /// <param name="sequence">The last safe record so far; moves on to the last that was just made safe.</param>
    public void MarkSafe(ref long sequence)
    {
        for (int at = _start; at < _written; at += BlockHeader.BlockBytesOf(_bytes.AsSpan(at)))
        {
            int count = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at + 20));
            sequence = count > 0 ? BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(at + 24)) + count - 1 : sequence;
        }

        _start = _written;
        if (_start == _end)
        {
            _start = _written = _end = 0;
        }
    }

    /// <summary>Everything has to be written again.</summary>
    public void Rewind() => _written = _start;

    /// <summary>Forgets everything.</summary>
    public void Clear() => _start = _written = _end = 0;

    private void Finish(ref BlockHeader header, int headBytes, byte[] raw, int rawBytes)
    {
        int at = _end + BlockHeader.Size + headBytes;
        int packed = codec == JournalCodec.None || rawBytes < MinPackedBytes ? 0 : BlockCodec.Pack(codec, raw, rawBytes, _bytes, at, rawBytes - 1);
        if (packed == 0)
        {
            raw.AsSpan(0, rawBytes).CopyTo(_bytes.AsSpan(at));
        }

        header.Codec = packed == 0 ? JournalCodec.None : codec;
        header.StoredBytes = headBytes + (packed == 0 ? rawBytes : packed);
        header.Write(_bytes.AsSpan(_end));
        _end += header.BlockBytes;
    }

    private Span<byte> Reserve(int count)
    {
        if (_start > 0 && _end + count > _bytes.Length)
        {
            _bytes.AsSpan(_start, Bytes).CopyTo(_bytes);
            (_written, _end, _start) = (_written - _start, _end - _start, 0);
        }

        if (_end + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, checked((int)Math.Min(Math.Max(_bytes.Length * 2L, _end + count), Array.MaxLength)));
        }

        return _bytes.AsSpan(_end, count);
    }
}
