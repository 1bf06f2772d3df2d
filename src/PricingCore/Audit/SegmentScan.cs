using System.Buffers.Binary;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>Reads a segment from its first byte to its last, and finds its way again behind damaged bytes.</summary>
/// <remarks>
/// Behind bytes that are no frame, the next one is where the bad frame says it ends, if a good one stands there; else at the next mark,
/// which names its own place. Each byte is looked at a bounded number of times, and no more memory is held than one window.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SegmentScan
{
    private const int WindowBytes = 4 * AuditFormat.MaxPayloadBytes;
    private const int MarkPayloadBytes = AuditFormat.RecordHeadBytes + 8 + sizeof(long) + MerkleTree.HashBytes;

    private readonly IStoredFile _file;
    private readonly byte[] _window;
    private long _windowAt;
    private int _windowBytes;
    private long _next;
    private int _frameBytes;

    /// <param name="file">The segment.</param>
    /// <param name="window">A window of an earlier scan, to be used again; null for a new one.</param>
    public SegmentScan(IStoredFile file, byte[]? window = null)
    {
        _file = file;
        Length = file.Length;
        int needed = (int)Math.Min(Length, WindowBytes);
        _window = window?.Length >= needed ? window : new byte[needed];
        Header = SegmentHeader.Read(Bytes(0, AuditFormat.HeaderBytes));
        _next = AuditFormat.HeaderBytes;
    }

    /// <summary>What a step has come upon.</summary>
    public enum Step
    {
        /// <summary>A record: <see cref="Head"/> and <see cref="Payload"/>.</summary>
        Record,

        /// <summary>A payload that closes the segment.</summary>
        Closing,

        /// <summary>Bytes from <see cref="Offset"/> to <see cref="Resumes"/> that are no frame.</summary>
        Damage,

        /// <summary>Bytes from <see cref="Offset"/> to the end that are no frame, with no mark behind them.</summary>
        BadTail,

        /// <summary>The end of the file.</summary>
        End,
    }

    /// <summary>The header; null when it is none.</summary>
    public SegmentHeader? Header { get; }

    /// <summary>What it read through, for another scan.</summary>
    public byte[] Window => _window;

    /// <summary>Bytes of the file when the scan began.</summary>
    public long Length { get; }

    /// <summary>The first byte of what the step has come upon.</summary>
    public long Offset { get; private set; }

    /// <summary>Where a scan goes on behind damage.</summary>
    public long Resumes => _next;

    public RecordHead Head { get; private set; }

    /// <summary>The payload; valid until the next step.</summary>
    public ReadOnlySpan<byte> Payload => _window.AsSpan((int)(Offset - _windowAt) + AuditFormat.FrameHeadBytes, _frameBytes - AuditFormat.FrameHeadBytes);

    /// <summary>Bytes behind the last frame, which in a closed segment are its end.</summary>
    public ReadOnlySpan<byte> Rest => Bytes(Offset, (int)Math.Min(Length - Offset, AuditFormat.FrameHeadBytes + AuditFormat.MaxPayloadBytes));

    /// <summary>Goes on to the next frame.</summary>
    public Step Next()
    {
        Offset = _next;
        if (Offset >= Length)
        {
            return Step.End;
        }

        ReadOnlySpan<byte> bytes = Rest;
        if (AuditFrame.TryRead(bytes, out ReadOnlySpan<byte> payload))
        {
            if (RecordHead.TryRead(payload, out RecordHead head))
            {
                Head = head;
                return Found(payload.Length, Step.Record);
            }

            if (payload[0] == AuditFormat.Closing)
            {
                return Found(payload.Length, Step.Closing);
            }
        }

        _next = FindNext(bytes);
        return _next < Length ? Step.Damage : Step.BadTail;
    }

    private Step Found(int payloadBytes, Step step)
    {
        _frameBytes = AuditFormat.FrameHeadBytes + payloadBytes;
        _next = Offset + _frameBytes;
        return step;
    }

    private long FindNext(ReadOnlySpan<byte> bad)
    {
        if (bad.Length >= AuditFormat.FrameHeadBytes)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bad);
            if (length >= 0 && length <= bad.Length - AuditFormat.FrameHeadBytes)
            {
                long behind = Offset + AuditFormat.FrameHeadBytes + length;
                if (AuditFrame.TryRead(Bytes(behind, (int)Math.Min(Length - behind, AuditFormat.FrameHeadBytes + AuditFormat.MaxPayloadBytes)), out _))
                {
                    return behind;
                }
            }
        }

        return FindMark(Offset + 1);
    }

    /// <summary>The first byte of the next mark from an offset on; the end of the file when there is none.</summary>
    private long FindMark(long from)
    {
        const int beforeMagic = AuditFormat.FrameHeadBytes + AuditFormat.RecordHeadBytes;
        const int markBytes = AuditFormat.FrameHeadBytes + MarkPayloadBytes;
        while (from + markBytes <= Length)
        {
            ReadOnlySpan<byte> bytes = Bytes(from, (int)Math.Min(Length - from, _window.Length));
            int magic = bytes[beforeMagic..].IndexOf(AuditFormat.MarkMagic);
            if (magic < 0)
            {
                from += bytes.Length - markBytes + 1; // A mark may begin in the last bytes of this window.
                continue;
            }

            from += magic;
            if (IsMark(Bytes(from, (int)Math.Min(Length - from, markBytes)), from))
            {
                return from;
            }

            from++;
        }

        return Length;
    }

    /// <summary>Whether bytes are a whole mark that names this place; what a request id imitates does not know its place.</summary>
    private static bool IsMark(ReadOnlySpan<byte> bytes, long at) =>
        AuditFrame.TryRead(bytes, out ReadOnlySpan<byte> payload)
        && payload.Length == MarkPayloadBytes
        && RecordHead.TryRead(payload, out RecordHead head)
        && head.Kind == AuditRecordKind.Mark
        && NoteRecords.ReadMark(payload[AuditFormat.RecordHeadBytes..]).Offset == at;

    /// <summary>Bytes of the file, through the window: at most as many as it holds, fewer only at the end.</summary>
    private ReadOnlySpan<byte> Bytes(long at, int count)
    {
        count = (int)Math.Clamp(Length - at, 0, count);
        if (at < _windowAt || at + count > _windowAt + _windowBytes)
        {
            _windowAt = at;
            _windowBytes = _file.Read(at, _window.AsSpan(0, (int)Math.Min(_window.Length, Length - at)));
        }

        int start = (int)(at - _windowAt);
        return _window.AsSpan(start, Math.Min(count, _windowBytes - start));
    }
}
