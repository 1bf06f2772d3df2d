using System.Buffers.Binary;
using System.Numerics;
using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Unpacks the payloads of blocks whose seal was checked. They may still be nonsense: somebody else may have sealed them.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class BlockDecoder
{
    private AcceptedEvent[] _records = [];
    private byte[] _planes = [];
    private byte[] _note = [];

    /// <summary>Unpacks a block of records or a note.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="buffer">Holds its payload.</param>
    /// <param name="at">Where in it the payload begins.</param>
    /// <param name="block">What it holds, until the next call.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Decode(scoped in BlockHeader header, byte[] buffer, int at, out JournalBlock block)
    {
        block = default;
        if (header.Codec == JournalCodec.Lz4 && !Lz4Library.IsPresent)
        {
            return "the block is packed with LZ4, and the system's liblz4 is not there";
        }

        return header.Kind == BlockKind.Note ? DecodeNote(header, buffer, at, out block) : DecodeRecords(header, buffer, at, out block);
    }

    private string? DecodeNote(scoped in BlockHeader header, byte[] buffer, int at, out JournalBlock block)
    {
        block = default;
        if (_note.Length < header.RawBytes)
        {
            _note = new byte[header.RawBytes];
        }

        Span<byte> note = _note.AsSpan(0, header.RawBytes);
        if (!BlockCodec.TryUnpack(header.Codec, buffer, at, header.StoredBytes, note))
        {
            return "the note does not unpack";
        }

        block = JournalBlock.Note(header.NoteKind, note, header.FirstSequence);
        return null;
    }

    private string? DecodeRecords(scoped in BlockHeader header, byte[] buffer, int at, out JournalBlock block)
    {
        block = default;
        ReadOnlySpan<byte> payload = buffer.AsSpan(at, header.StoredBytes);
        if (payload.Length < RecordPlanes.FixedHeadBytes)
        {
            return "the block's payload is too short";
        }

        ulong mask = BinaryPrimitives.ReadUInt64LittleEndian(payload);
        int headBytes = RecordPlanes.HeadBytesOf(mask);
        if (payload.Length < headBytes || header.RawBytes != BitOperations.PopCount(mask) * header.Count)
        {
            return "the block's planes do not fit its header";
        }

        if (_records.Length < header.Count)
        {
            _records = new AcceptedEvent[header.Count];
            _planes = new byte[header.Count * JournalFormat.RecordBytes];
        }

        Span<byte> planes = _planes.AsSpan(0, header.RawBytes);
        if (!BlockCodec.TryUnpack(header.Codec, buffer, at + headBytes, header.StoredBytes - headBytes, planes))
        {
            return "the block does not unpack";
        }

        Span<AcceptedEvent> records = _records.AsSpan(0, header.Count);
        RecordPlanes.Unpack(payload, planes, records);
        block = JournalBlock.Of(records, header.FirstSequence);
        return null;
    }
}
