using PricingCore.Numerics;
using PricingCore.Storage;

namespace PricingCore.Snapshots;

/// <summary>Writes a snapshot file: head, notes, the state of each lane, end.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SnapshotWriter(IStoredFile file)
{
    private readonly byte[] _frame = new byte[SnapshotFrame.MaxBytes];
    private long _length;
    private uint _crc;

    /// <summary>The first bytes of the file: what it is, and the version of its format.</summary>
    public static ReadOnlySpan<byte> Magic => "PCSNAP2\n"u8;

    /// <summary>Writes a whole snapshot and makes it safe.</summary>
    /// <param name="head">What it is of.</param>
    /// <param name="notes">What must be known to read the state: names, rules, plan, terms. The caller's, in the caller's form.</param>
    /// <param name="lanes">The blocks of each lane's state, in the order of <see cref="SnapshotHead.Lanes"/>.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(SnapshotHead head, ReadOnlyMemory<byte> notes, IReadOnlyList<IEnumerable<ReadOnlyMemory<byte>>> lanes)
    {
        file.Write(0, Magic);
        _length = Magic.Length;
        _crc = Crc32C.Of(Magic);
        WriteHead(head);
        for (int start = 0; start < notes.Length; start += StateWriter.BlockBytes)
        {
            Write(SnapshotFrameKind.Notes, 0, notes.Span.Slice(start, Math.Min(StateWriter.BlockBytes, notes.Length - start)));
        }

        for (int lane = 0; lane < lanes.Count; lane++)
        {
            foreach (ReadOnlyMemory<byte> block in lanes[lane])
            {
                if (block.Length > 0)
                {
                    Write(SnapshotFrameKind.Lane, lane, block.Span);
                }
            }
        }

        Write(SnapshotFrameKind.End, 0, []);
        file.Sync();
    }

    private void WriteHead(SnapshotHead head)
    {
        Span<byte> content = stackalloc byte[(3 * sizeof(long)) + ByteWriter.MaxTextBytes + (SnapshotHead.MaxLanes * 2 * sizeof(long))];
        var writer = new ByteWriter(content);
        writer.Write(head.Number);
        writer.Write(head.CreatedMicros);
        writer.Write(head.Lanes.Count);
        foreach (SnapshotLane lane in head.Lanes)
        {
            writer.Write(lane.Sequence);
            writer.Write(lane.DecisionOrdinal);
        }

        writer.WriteText(head.SchemaHash);
        Write(SnapshotFrameKind.Head, 0, content[..writer.Length]);
    }

    private void Write(SnapshotFrameKind kind, int lane, ReadOnlySpan<byte> content)
    {
        int count = SnapshotFrame.Write(kind, lane, content, _crc, _frame, out _crc);
        file.Write(_length, _frame.AsSpan(0, count));
        _length += count;
    }
}
