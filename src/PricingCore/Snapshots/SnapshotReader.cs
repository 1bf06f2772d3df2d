using PricingCore.Numerics;
using PricingCore.Storage;

namespace PricingCore.Snapshots;

/// <summary>A snapshot file that has been checked from its first byte to its last, and can be read lane by lane.</summary>
/// <remarks>It takes the memory of its two largest frames, at most 1 MiB each, and a few bytes for each frame, whatever the file says.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class SnapshotReader : IDisposable
{
    private readonly IStoredFile _file;
    private readonly List<SnapshotFrame> _frames = [];
    private byte[] _frame = [];
    private byte[] _content = [];

    /// <summary>Checks a file, and takes it over.</summary>
    /// <exception cref="SnapshotException">It is not a whole snapshot; the message says what is wrong and where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public SnapshotReader(IStoredFile file)
    {
        _file = file;
        Head = ReadHead(file, ref _frame, ref _content, out SnapshotFrame frame);
        while (frame.Kind != SnapshotFrameKind.End)
        {
            SnapshotFrame before = frame;
            frame = SnapshotFrame.Read(file, before.End, before.Crc, ref _frame);
            CheckOrder(before, frame, Head.Lanes.Count);
            _frames.Add(frame);
        }

        if (frame.End != file.Length)
        {
            throw new SnapshotException($"The file has {file.Length} bytes; its last frame ends at byte {frame.End}.");
        }
    }

    /// <summary>What the snapshot is of.</summary>
    public SnapshotHead Head { get; }

    /// <summary>Reads only what a snapshot is of; the rest of the file may be anything.</summary>
    /// <exception cref="SnapshotException">It does not begin as a snapshot does.</exception>
    public static SnapshotHead ReadHead(IStoredFile file)
    {
        (byte[] frame, byte[] content) = ([], []);
        return ReadHead(file, ref frame, ref content, out _);
    }

    /// <summary>The caller's notes.</summary>
    /// <exception cref="SnapshotException">They do not decompress.</exception>
    public byte[] ReadNotes()
    {
        var notes = new MemoryStream();
        foreach (SnapshotFrame frame in _frames.Where(frame => frame.Kind == SnapshotFrameKind.Notes))
        {
            notes.Write(ContentOf(frame).Span);
        }

        return notes.ToArray();
    }

    /// <summary>The state of a lane; one lane at a time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such lane.</exception>
    public StateReader OpenLane(int lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lane);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lane, Head.Lanes.Count);
        return StateReader.Of(_frames.Where(frame => frame.Kind == SnapshotFrameKind.Lane && frame.Lane == lane).Select(ContentOf));
    }

    public void Dispose() => _file.Dispose();

    private static SnapshotHead ReadHead(IStoredFile file, ref byte[] buffer, ref byte[] room, out SnapshotFrame frame)
    {
        ReadOnlySpan<byte> magic = SnapshotWriter.Magic;
        Span<byte> first = stackalloc byte[magic.Length];
        if (file.Read(0, first) < magic.Length || !first.SequenceEqual(magic))
        {
            throw new SnapshotException("The file is not a snapshot, or one of another version.");
        }

        frame = SnapshotFrame.Read(file, magic.Length, Crc32C.Of(magic), ref buffer);
        if (frame.Kind != SnapshotFrameKind.Head)
        {
            throw new SnapshotException($"The file begins with a frame of kind {frame.Kind} instead of its head.");
        }

        var reader = new ByteReader(frame.Content(buffer, ref room).Span);
        try
        {
            (long number, long created, int count) = (reader.Read<long>(), reader.Read<long>(), reader.Read<int>());
            if (count is < 1 or > SnapshotHead.MaxLanes)
            {
                throw new SnapshotException($"The snapshot has {count} lanes; 1 to {SnapshotHead.MaxLanes} are legal.");
            }

            var lanes = new SnapshotLane[count];
            for (int i = 0; i < count; i++)
            {
                lanes[i] = new SnapshotLane(reader.Read<long>(), reader.Read<long>());
            }

            return new SnapshotHead(number, created, reader.ReadText(), lanes);
        }
        catch (InvalidDataException wrong)
        {
            throw new SnapshotException("The head of the snapshot is not one: " + wrong.Message, wrong);
        }
    }

    /// <summary>Head, notes, lanes from the first on, end. The CRCs say that nothing was changed; this, that it was written so.</summary>
    private static void CheckOrder(in SnapshotFrame before, in SnapshotFrame frame, int lanes)
    {
        bool isInOrder = frame.Kind > SnapshotFrameKind.Head && frame.Kind <= SnapshotFrameKind.End && frame.Kind >= before.Kind
            && frame.Lane >= 0 && frame.Lane < lanes
            && (frame.Kind != SnapshotFrameKind.Lane || before.Kind != SnapshotFrameKind.Lane || frame.Lane >= before.Lane);
        if (!isInOrder)
        {
            throw new SnapshotException($"The frame at byte {frame.Offset} is of kind {frame.Kind} and lane {frame.Lane} after one of kind {before.Kind} and lane {before.Lane}.");
        }
    }

    private ReadOnlyMemory<byte> ContentOf(SnapshotFrame frame)
    {
        SnapshotFrame read = SnapshotFrame.Read(_file, frame.Offset, frame.CrcBefore, ref _frame);
        return read.Content(_frame, ref _content);
    }
}
