using System.Text;
using PricingCore.Rules;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>A segment open for looking records up.</summary>
/// <remarks>The segment itself is opened only once its index names a record: most look-ups go through many segments for a record of one.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SegmentView : IDisposable
{
    private const int MostSameKeys = 16;
    private const int FirstReadBytes = 1_024;

    private readonly SegmentFiles _files;
    private readonly KeyList? _keys;
    private readonly long _mostBytes;
    private IStoredFile? _file;
    private long _length;

    /// <param name="files">The log.</param>
    /// <param name="number">The segment.</param>
    /// <param name="keys">Its index in memory; null when it has an index file.</param>
    /// <param name="length">Bytes of it that may be read.</param>
    public SegmentView(SegmentFiles files, int number, KeyList? keys, long length = long.MaxValue)
    {
        _files = files;
        _keys = keys;
        _mostBytes = length;
        Number = number;
    }

    public int Number { get; }

    /// <summary>The newest record with a key that a test accepts; null when there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="read">Reads a record; null when it is another one with the same key.</param>
    /// <exception cref="InvalidDataException">The index is damaged.</exception>
    public T? Find<T>(ulong key, Func<SegmentView, byte[], AuditPlace, T?> read)
        where T : class
    {
        Span<uint> offsets = stackalloc uint[MostSameKeys];
        int count = _keys?.Find(key, offsets) ?? FindInFile(key, offsets);
        if (count < 0)
        {
            throw new InvalidDataException("The index is damaged.");
        }

        foreach (uint offset in offsets[..count])
        {
            if (ReadPayload(offset) is { } payload && RecordHead.TryRead(payload, out RecordHead head)
                && read(this, payload, new AuditPlace(Number, head.Number, offset)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The rule set of a version; null when it is not recorded here.</summary>
    public RuleSet? FindRules(string version) => Find(AuditKeys.OfRules(version), (view, payload, place) => view.ReadRules(version, payload, place.Offset));

    /// <summary>The hash of a model's graph; null when it is not recorded here.</summary>
    public string? FindModel(string version) => Find(AuditKeys.OfModel(version), (_, payload, _) =>
    {
        (string name, string sha256) = NoteRecords.ReadModel(payload.AsSpan(AuditFormat.RecordHeadBytes));
        return name == version ? sha256 : null;
    });

    /// <summary>The payload of the record at an offset; null when there is none that is whole.</summary>
    public byte[]? ReadPayload(long offset)
    {
        byte[] bytes = new byte[FirstReadBytes];
        int read = Read(offset, bytes);
        if (read >= AuditFormat.FrameHeadBytes)
        {
            int length = BitConverter.ToInt32(bytes, 0);
            if (length > read - AuditFormat.FrameHeadBytes && length <= AuditFormat.MaxPayloadBytes)
            {
                bytes = new byte[AuditFormat.FrameHeadBytes + length];
                read = Read(offset, bytes);
            }
        }

        return AuditFrame.TryRead(bytes.AsSpan(0, read), out ReadOnlySpan<byte> payload) ? payload.ToArray() : null;
    }

    public void Dispose() => _file?.Dispose();

    private int Read(long offset, Span<byte> bytes)
    {
        if (_file is null)
        {
            _file = _files.Open(Number);
            _length = Math.Min(_mostBytes, _file.Length);
        }

        return offset >= _length ? 0 : _file.Read(offset, bytes[..(int)Math.Min(bytes.Length, _length - offset)]);
    }

    private int FindInFile(ulong key, Span<uint> offsets)
    {
        using IStoredFile index = _files.Store.Open(_files.IndexPathOf(Number));
        return IndexFile.Find(index, Number, key, offsets);
    }

    /// <summary>The parts of a rule set stand one behind the other, as they were written.</summary>
    private RuleSet? ReadRules(string version, byte[] payload, long offset)
    {
        var json = new MemoryStream();
        for (int part = 0; ; part++)
        {
            (string name, int number, int parts, byte[] bytes) = NoteRecords.ReadRules(payload.AsSpan(AuditFormat.RecordHeadBytes));
            if (name != version || number != part)
            {
                return null;
            }

            json.Write(bytes);
            if (part == parts - 1)
            {
                break;
            }

            offset += AuditFormat.FrameHeadBytes + payload.Length;
            if (ReadPayload(offset) is not { } next || !RecordHead.TryRead(next, out RecordHead head) || head.Kind != AuditRecordKind.Rules)
            {
                return null;
            }

            payload = next;
        }

        RuleSet rules = RuleSet.Parse(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
        return rules.Version == version ? rules : null;
    }
}
