using System.Security.Cryptography;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>The segment that is written: records are encoded into memory, and a flush makes all of them safe at once.</summary>
/// <remarks>
/// What a flush could not make safe stays in memory and is written again, from the same offset, by the next: after a failed sync nothing
/// is known of the bytes in between. Each flush begins with a mark, which is written only when everything before it is safe; so bytes that
/// are bad before a later mark are damage, and bad bytes behind the last mark may be a torn write.
/// </remarks>
/// <threadsafety>One thread, but for the keys of <see cref="State"/>.</threadsafety>
internal sealed class OpenSegment : IDisposable
{
    private const int FirstBufferBytes = 524_288;
    private const int RoomBytes = AuditFormat.FrameHeadBytes + AuditFormat.MaxPayloadBytes;

    private readonly IStoredFile _file;
    private byte[] _pending;
    private int _pendingBytes;
    private long _safeBytes;

    /// <param name="header">Its header, which is safe on disk.</param>
    /// <param name="file">Its file, open for writing.</param>
    /// <param name="safeBytes">Bytes of the file that are safe; more are written behind.</param>
    /// <param name="state">Its records so far.</param>
    /// <param name="buffer">A buffer of an earlier segment, to be used again; null for a new one.</param>
    public OpenSegment(SegmentHeader header, IStoredFile file, long safeBytes, SegmentState state, byte[]? buffer = null)
    {
        Header = header;
        State = state;
        _file = file;
        _safeBytes = safeBytes;
        _pending = buffer ?? new byte[FirstBufferBytes];
    }

    public SegmentHeader Header { get; }

    public SegmentState State { get; }

    /// <summary>Bytes of the segment, those in memory included.</summary>
    public long Length => _safeBytes + _pendingBytes;

    /// <summary>Bytes of the file that are safe, to be read by any thread.</summary>
    public long SafeBytes => Volatile.Read(ref _safeBytes);

    /// <summary>Bytes that wait for a flush.</summary>
    public int PendingBytes => _pendingBytes;

    /// <summary>Hands the buffer on to the next segment; this one is closed.</summary>
    public byte[] TakeBuffer() => _pending;

    /// <summary>Begins a record: a writer for its body, which may take <see cref="AuditFormat.MaxPayloadBytes"/> less the head. End it with <see cref="Commit"/>.</summary>
    public RecordWriter Begin(long time)
    {
        if (_pendingBytes == 0)
        {
            AddMark(time);
        }

        return BeginFrame();
    }

    /// <summary>Ends a record.</summary>
    public void Commit(in RecordWriter body, AuditRecordKind kind, long time)
    {
        long offset = Length;
        Span<byte> frame = _pending.AsSpan(_pendingBytes, AuditFormat.FrameHeadBytes + AuditFormat.RecordHeadBytes + body.Length);
        var head = new RecordHead(kind, State.Count, time);
        Span<byte> payload = frame[AuditFormat.FrameHeadBytes..];
        head.Write(payload);
        AuditFrame.Seal(frame);
        State.Add(head, payload, checked((uint)offset));
        _pendingBytes += frame.Length;
    }

    /// <summary>Makes everything safe.</summary>
    /// <exception cref="IOException">It failed; everything is kept, for the next call.</exception>
    public void Flush()
    {
        if (_pendingBytes > 0)
        {
            _file.Write(_safeBytes, _pending.AsSpan(0, _pendingBytes));
            _file.Sync();
            Volatile.Write(ref _safeBytes, _safeBytes + _pendingBytes);
            _pendingBytes = 0;
        }
    }

    /// <summary>Appends what closes the segment; a flush makes it so.</summary>
    public SegmentTrailer AppendClosing()
    {
        Span<byte> root = stackalloc byte[MerkleTree.HashBytes];
        State.ReadRoot(root);
        foreach (ReadOnlyMemory<byte> block in State.Leaves.Blocks)
        {
            AppendClosingFrame([AuditFormat.Closing, AuditFormat.LeafList], block.Span);
        }

        var trailer = new SegmentTrailer(
            Header.Number, State.Count, root.ToArray(), SHA256.HashData(Header.ToBytes()), State.Leaves.Hash(), State.FirstAt, State.LastAt,
            [.. State.Ordinals[..(State.Ordinals.LastIndexOfAnyExcept(0) + 1)]]);
        long at = Length;
        AppendClosingFrame(trailer.ToBytes(), []);
        Reserve();
        BitConverter.TryWriteBytes(_pending.AsSpan(_pendingBytes), at);
        AuditFormat.EndMagic.CopyTo(_pending.AsSpan(_pendingBytes + sizeof(long)));
        _pendingBytes += AuditFormat.EndBytes;
        return trailer;
    }

    public void Dispose() => _file.Dispose();

    private void AddMark(long time)
    {
        Span<byte> root = stackalloc byte[MerkleTree.HashBytes];
        if (State.Count == 0)
        {
            SHA256.HashData(Header.ToBytes(), root); // So the root over the records binds the header, and by it all segments before.
        }
        else
        {
            State.ReadRoot(root);
        }

        RecordWriter mark = BeginFrame();
        NoteRecords.WriteMark(ref mark, Length, root);
        Commit(mark, AuditRecordKind.Mark, time);
    }

    private RecordWriter BeginFrame()
    {
        Reserve();
        return new RecordWriter(_pending.AsSpan(_pendingBytes + AuditFormat.FrameHeadBytes + AuditFormat.RecordHeadBytes, AuditFormat.MaxPayloadBytes - AuditFormat.RecordHeadBytes));
    }

    private void AppendClosingFrame(ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest)
    {
        Reserve();
        Span<byte> frame = _pending.AsSpan(_pendingBytes, AuditFormat.FrameHeadBytes + first.Length + rest.Length);
        first.CopyTo(frame[AuditFormat.FrameHeadBytes..]);
        rest.CopyTo(frame[(AuditFormat.FrameHeadBytes + first.Length)..]);
        AuditFrame.Seal(frame);
        _pendingBytes += frame.Length;
    }

    /// <summary>Makes room for the largest frame; grows only for large rule sets and when a segment is closed.</summary>
    private void Reserve()
    {
        if (_pending.Length - _pendingBytes < RoomBytes)
        {
            Array.Resize(ref _pending, checked(_pending.Length * 2));
        }
    }
}
