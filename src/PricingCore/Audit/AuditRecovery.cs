using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>Finds where an audit log is to go on: in its newest segment, or behind it.</summary>
/// <remarks>
/// Bytes behind the last mark that are no record are a torn write: they are kept in a file of their own and cut. A segment with bad bytes
/// before a mark is evidence: it is left as it is, and the next one names it by the hash of its whole file.
/// </remarks>
internal sealed class AuditRecovery(SegmentFiles files, ILogger logger)
{
    /// <summary>More than a flush can have left torn: then the marks in between are damaged, too.</summary>
    private const long MostCutBytes = 268_435_456;

    private SegmentHeader? _header;
    private SegmentState? _state;
    private long _length;
    private long _safe;

    private const int RewrittenAtOnce = 256 * 1_024;

    /// <summary>The segment to go on in; null when a new one is to be begun.</summary>
    public OpenSegment? Segment { get; private set; }

    /// <summary>Bytes that were cut off it.</summary>
    public long BytesCut { get; private set; }

    /// <summary>The number of the next segment, when a new one is to be begun.</summary>
    public int NextNumber { get; private set; } = 1;

    /// <summary>How the next segment names the one before.</summary>
    public SegmentLink Link { get; private set; }

    /// <summary>What it names it by.</summary>
    public byte[] Previous { get; private set; } = new byte[MerkleTree.HashBytes];

    /// <summary>The last decision recorded of each lane.</summary>
    public long[] Ordinals { get; } = new long[AuditFormat.MaxLanes];

    /// <summary>The segment that could not be continued, and its first damaged byte.</summary>
    public (int Segment, long Offset)? Damage { get; private set; }

    /// <summary>The newest time that a record has.</summary>
    public long LastAt { get; private set; }

    /// <summary>Looks at what is there.</summary>
    /// <exception cref="IOException">It cannot be read or cut.</exception>
    public void Run()
    {
        files.Store.CreateDirectory(files.Directory);
        files.Store.SyncDirectory(files.Directory); // What is seen now must be there after a power failure, too.
        List<int> numbers = files.List();
        if (numbers.Count == 0)
        {
            return;
        }

        int newest = numbers[^1];
        ReadOrdinalsBefore(numbers);
        bool continues;
        using (IStoredFile file = files.Open(newest))
        {
            if (SegmentTrailer.ReadLast(file) is { } trailer && trailer.Segment == newest)
            {
                TakeOrdinals(trailer);
                LastAt = trailer.LastAt;
                (NextNumber, Link, Previous) = (newest + 1, SegmentLink.Trailer, trailer.Hash());
                FindSafe(file);
                MakeSafe(newest, file.Length).Dispose();
                return;
            }

            continues = TryScan(file, newest);
        }

        if (continues)
        {
            Segment = new OpenSegment(_header!, MakeSafe(newest, _length), _length, _state!);
        }
    }

    /// <summary>Makes what was read safe: it was written but perhaps not synced by the process that has died, and a mark will say that it is safe.</summary>
    /// <remarks>After a sync that failed, the system may hold as safe what is not: written again, it is not taken for that.</remarks>
    private IStoredFile MakeSafe(int number, long length)
    {
        IStoredFile file = files.Open(number, forWriting: true);
        try
        {
            file.SetLength(length);
            var chunk = new byte[RewrittenAtOnce];
            while (_safe < length)
            {
                int read = file.Read(_safe, chunk.AsSpan(0, (int)Math.Min(chunk.Length, length - _safe)));
                file.Write(_safe, chunk.AsSpan(0, read));
                _safe += Math.Max(read, 1);
            }

            file.Sync();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds the last mark of a closed segment: what stands before it is safe.</summary>
    private void FindSafe(IStoredFile file)
    {
        var scan = new SegmentScan(file);
        for (SegmentScan.Step step = scan.Next(); step is not (SegmentScan.Step.End or SegmentScan.Step.BadTail); step = scan.Next())
        {
            NoteMark(scan, step);
        }
    }

    private void NoteMark(SegmentScan scan, SegmentScan.Step step) =>
        _safe = step == SegmentScan.Step.Record && scan.Head.Kind == AuditRecordKind.Mark ? scan.Offset : _safe;

    private bool TryScan(IStoredFile file, int number)
    {
        var scan = new SegmentScan(file);
        _header = scan.Header?.Number == number ? scan.Header : null;
        _state = new SegmentState(Ordinals);
        _length = AuditFormat.HeaderBytes;
        SegmentScan.Step step;
        while ((step = scan.Next()) == SegmentScan.Step.Record && scan.Head.Number == _state.Count && TryAdd(scan))
        {
            NoteMark(scan, step);
            _length = scan.Resumes;
        }

        LastAt = _state.LastAt;
        long firstBad = scan.Offset;
        bool isTorn = file.Length - _length <= MostCutBytes
            && (step is SegmentScan.Step.End or SegmentScan.Step.BadTail || (step == SegmentScan.Step.Closing && !IsMarkBehind(scan)));
        if (_header is null && isTorn && _state.Count == 0)
        {
            return Replace(number); // Torn when it was made: there never was a record in it.
        }

        if (_header is null || !isTorn)
        {
            Leave(file, number, _header is null ? 0 : firstBad, scan);
            return false;
        }

        CutTail(file, number);
        return true;
    }

    private bool TryAdd(SegmentScan scan)
    {
        try
        {
            _state!.Add(scan.Head, scan.Payload, checked((uint)scan.Offset));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsMarkBehind(SegmentScan scan)
    {
        SegmentScan.Step step;
        do
        {
            step = scan.Next();
        }
        while (step is SegmentScan.Step.Closing);
        return step is SegmentScan.Step.Record or SegmentScan.Step.Damage;
    }

    private bool Replace(int number)
    {
        NextNumber = number;
        if (number > 1 && files.List().Contains(number - 1))
        {
            using IStoredFile before = files.Open(number - 1);
            SegmentTrailer? trailer = SegmentTrailer.ReadLast(before);
            (Link, Previous) = trailer is not null ? (SegmentLink.Trailer, trailer.Hash()) : (SegmentLink.WholeFile, HashOf(before));
        }

        return false;
    }

    /// <summary>Leaves a damaged segment as it is, and takes from behind the damage which decisions it has.</summary>
    private void Leave(IStoredFile file, int number, long offset, SegmentScan scan)
    {
        for (SegmentScan.Step step = scan.Next(); step is not (SegmentScan.Step.End or SegmentScan.Step.BadTail); step = scan.Next())
        {
            if (step == SegmentScan.Step.Record)
            {
                TryAdd(scan);
            }
        }

        _state!.Ordinals.CopyTo(Ordinals);
        LastAt = _state.LastAt;
        AuditLogNotes.SegmentDamaged(logger, files.PathOf(number), offset);
        Damage = (number, offset);
        (NextNumber, Link, Previous) = (number + 1, SegmentLink.WholeFile, HashOf(file));
    }

    private void CutTail(IStoredFile file, int number)
    {
        BytesCut = file.Length - _length;
        if (BytesCut == 0)
        {
            return;
        }

        byte[] cut = new byte[BytesCut];
        int read = file.Read(_length, cut);
        string kept = files.CutPathOf(number, _length);
        files.WriteWhole(kept, read, into => into.Write(0, cut.AsSpan(0, read)));
        AuditLogNotes.TailCut(logger, files.PathOf(number), BytesCut, kept);
    }

    private void ReadOrdinalsBefore(List<int> numbers)
    {
        // Each trailer holds those of all segments before it, so the newest one is enough.
        for (int i = numbers.Count - 2; i >= 0; i--)
        {
            using IStoredFile file = files.Open(numbers[i]);
            if (SegmentTrailer.ReadLast(file) is { } trailer)
            {
                TakeOrdinals(trailer);
                return;
            }
        }
    }

    private void TakeOrdinals(SegmentTrailer trailer)
    {
        for (int lane = 0; lane < trailer.Ordinals.Length; lane++)
        {
            Ordinals[lane] = Math.Max(Ordinals[lane], trailer.Ordinals[lane]);
        }
    }

    internal static byte[] HashOf(IStoredFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1_048_576];
        for (long at = 0, length = file.Length; at < length; at += buffer.Length)
        {
            hash.AppendData(buffer.AsSpan(0, file.Read(at, buffer)));
        }

        return hash.GetHashAndReset();
    }
}
