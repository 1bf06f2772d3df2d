using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>Checks one segment: each record, their order, the marks, the trailer, and the index.</summary>
/// <remarks>A wrong CRC names its record. Of a change that has mended the CRC, the list of leaves in the trailer names the record; in an open segment, the next mark does the range.</remarks>
internal sealed class SegmentCheck(SegmentFiles files, int number, bool isNewest, int rootAt)
{
    private const int MostFaults = 1_000;

    private readonly string _name = AuditFormat.NameOf(number);
    private readonly MerkleTree _tree = new();
    private readonly List<ulong> _leaves = [];
    private readonly List<(int Number, long Offset)> _records = [];
    private readonly List<byte> _leafList = [];
    private readonly KeyList _keys = new();
    private int _expected;
    private int _lastMark;
    private long _trailerAt;
    private bool _hasEnd;

    public int Number => number;

    public SegmentHeader? Header { get; private set; }

    public SegmentTrailer? Trailer { get; private set; }

    public int Records => _records.Count;

    public int Decisions { get; private set; }

    public int Quotes { get; private set; }

    public long Bytes { get; private set; }

    public long FirstAt { get; private set; }

    public long LastAt { get; private set; }

    /// <summary>The Merkle root over the records that are there.</summary>
    public string Root { get; private set; } = "";

    /// <summary>The Merkle root over as many records as were asked for; null when there are not so many.</summary>
    public string? RootAtCount { get; private set; }

    public List<AuditFault> Faults { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>What the segment says of older ones that are removed.</summary>
    public List<(int Through, byte[] Hash)> Removed { get; } = [];

    /// <summary>Reads the segment.</summary>
    /// <returns>The window that was used, for the next one.</returns>
    public byte[] Run(byte[]? window)
    {
        using IStoredFile file = files.Open(number);
        var scan = new SegmentScan(file, window);
        Bytes = scan.Length;
        Header = scan.Header;
        if (Header is null || Header.Number != number)
        {
            Add(0, null, Header is null ? "The header is damaged." : $"The header is that of segment {Header.Number}: the file is another one.");
            Header = null;
        }

        bool isClosed = false;
        for (SegmentScan.Step step = scan.Next(); step != SegmentScan.Step.End; step = scan.Next())
        {
            if (isClosed)
            {
                CheckEnd(scan);
                break;
            }

            isClosed = Take(step, scan);
            if (step == SegmentScan.Step.BadTail)
            {
                break;
            }
        }

        Root = _tree.RootText(Header);
        RootAtCount ??= _tree.Count == rootAt ? Root : null;
        if (Trailer is not null)
        {
            CheckTrailer(scan.Length);
        }
        else if (!isNewest && Faults.Count == 0)
        {
            Add(scan.Length, null, "The segment is not closed, and a newer one is there.");
        }

        return scan.Window;
    }

    private bool Take(SegmentScan.Step step, SegmentScan scan)
    {
        switch (step)
        {
            case SegmentScan.Step.Record:
                TakeRecord(scan);
                return false;
            case SegmentScan.Step.Closing:
                return TakeClosing(scan);
            case SegmentScan.Step.Damage:
                Add(scan.Offset, _expected, $"{scan.Resumes - scan.Offset} bytes are damaged: the record was changed.");
                _expected++;
                return false;
            default:
                Add(scan.Offset, _expected, $"The last {scan.Length - scan.Offset} bytes are no whole record: they were changed, or a crash has torn them and the next start cuts them.");
                return false;
        }
    }

    private void TakeRecord(SegmentScan scan)
    {
        RecordHead head = scan.Head;
        if (head.Number > _expected)
        {
            Add(scan.Offset, _expected, head.Number == _expected + 1 ? "The record is missing." : $"The records up to {head.Number - 1} are missing, or stand further on.");
        }
        else if (head.Number < _expected)
        {
            Add(scan.Offset, head.Number, $"The record is repeated or out of order: it stands where record {_expected} should.");
        }

        _expected = Math.Max(_expected, head.Number + 1);
        if (_tree.Count == rootAt)
        {
            RootAtCount = _tree.RootText(Header);
        }

        try
        {
            Read(head, scan);
        }
        catch (InvalidDataException failure)
        {
            Add(scan.Offset, head.Number, "The record cannot be read: " + failure.Message);
        }

        Span<byte> hash = stackalloc byte[MerkleTree.HashBytes];
        MerkleTree.HashLeaf(scan.Payload, hash);
        _leaves.Add(MemoryMarshal.Read<ulong>(hash));
        _tree.Add(hash);
        _records.Add((head.Number, scan.Offset));
        FirstAt = FirstAt == 0 ? head.Time : FirstAt;
        LastAt = Math.Max(LastAt, head.Time);
    }

    private void Read(in RecordHead head, SegmentScan scan)
    {
        ReadOnlySpan<byte> body = scan.Payload[AuditFormat.RecordHeadBytes..];
        if (RecordKeys.Of(head.Kind, body) is { } key)
        {
            _keys.Add(key, checked((uint)scan.Offset));
        }

        switch (head.Kind)
        {
            case AuditRecordKind.Mark:
                CheckMark(body, head, scan.Offset);
                break;
            case AuditRecordKind.Started when NoteRecords.ReadStarted(body) is { BytesCut: > 0 } started:
                Notes.Add($"{_name}: a start cut {started.BytesCut} bytes behind record {head.Number - 1}, as after a crash.");
                break;
            case AuditRecordKind.Decision:
                Decisions++;
                break;
            case AuditRecordKind.Quote:
                Quotes++;
                break;
            case AuditRecordKind.KeyDestroyed:
                Notes.Add($"{_name}: the key of user ids {NoteRecords.ReadKeyDestroyed(body)} was destroyed at record {head.Number}.");
                break;
            case AuditRecordKind.Removed:
                (int through, byte[] hash) = NoteRecords.ReadRemoved(body);
                Removed.Add((through, hash));
                Notes.Add($"{_name}: the segments up to {through} were removed because of their age.");
                break;
            case AuditRecordKind.Damaged:
                (int segment, long offset) = NoteRecords.ReadDamaged(body);
                Notes.Add($"{_name}: a start found {AuditFormat.NameOf(segment)} damaged at offset {offset}.");
                break;
            case AuditRecordKind.Started or AuditRecordKind.Rules or AuditRecordKind.Model:
                break;
            default:
                throw new InvalidDataException($"The kind {(byte)head.Kind} is none that this version knows.");
        }
    }

    private void CheckMark(ReadOnlySpan<byte> body, in RecordHead head, long offset)
    {
        (long said, byte[] root) = NoteRecords.ReadMark(body);
        if (said != offset || Convert.ToHexStringLower(root) != _tree.RootText(Header))
        {
            Add(offset, head.Number, $"The mark does not follow from the records before it: one of records {_lastMark} to {head.Number - 1} was changed, added or removed.");
        }

        _lastMark = head.Number;
    }

    /// <returns>Whether this was the trailer, behind which only the end may stand.</returns>
    private bool TakeClosing(SegmentScan scan)
    {
        if (scan.Payload[1] == AuditFormat.LeafList)
        {
            _leafList.AddRange(scan.Payload[2..]);
            return false;
        }

        try
        {
            Trailer = SegmentTrailer.Read(scan.Payload);
            _trailerAt = scan.Offset;
        }
        catch (InvalidDataException failure)
        {
            Add(scan.Offset, null, failure.Message);
        }

        return true;
    }

    private void CheckEnd(SegmentScan scan)
    {
        ReadOnlySpan<byte> end = scan.Rest;
        _hasEnd = end.Length == AuditFormat.EndBytes && scan.Offset + end.Length == scan.Length
            && BitConverter.ToInt64(end) == _trailerAt && end[sizeof(long)..].SequenceEqual(AuditFormat.EndMagic);
        if (!_hasEnd)
        {
            Add(scan.Offset, null, "The bytes behind the trailer are not those of an end.");
        }
    }

    private void CheckTrailer(long length)
    {
        SegmentTrailer trailer = Trailer!;
        if (trailer.Segment != number || (Header is not null && !trailer.HeaderHash.AsSpan().SequenceEqual(SHA256.HashData(Header.ToBytes()))))
        {
            Add(_trailerAt, null, "The trailer is that of another segment, or the header was changed.");
        }

        if (!_hasEnd && Faults.Count == 0)
        {
            Add(length, null, "The end behind the trailer is missing.");
        }

        bool listIsRight = trailer.LeafListHash.AsSpan().SequenceEqual(SHA256.HashData(CollectionsMarshal.AsSpan(_leafList)));
        if (!listIsRight)
        {
            Add(_trailerAt, null, "The list of leaves before the trailer was changed.");
        }

        if (trailer.Count != Records || Convert.ToHexStringLower(trailer.Root) != Root)
        {
            ReadOnlySpan<ulong> written = listIsRight && _leafList.Count == trailer.Count * sizeof(ulong)
                ? MemoryMarshal.Cast<byte, ulong>(CollectionsMarshal.AsSpan(_leafList))
                : [];
            LeafComparison.NameWrongRecords(_records, CollectionsMarshal.AsSpan(_leaves), written, _trailerAt, Add, record => Faults.Any(fault => fault.Record == record));
            if (Faults.Count == 0)
            {
                Add(_trailerAt, null, $"The segment has {Records} records with root {Root}; the trailer says {trailer.Count} with {Convert.ToHexStringLower(trailer.Root)}.");
            }
        }

        if (Faults.Count == 0)
        {
            CheckIndex(trailer);
        }
    }

    private void CheckIndex(SegmentTrailer trailer)
    {
        if (!files.Store.List(files.Directory).Contains(AuditFormat.IndexNameOf(number)))
        {
            return; // A missing index is made when it is needed.
        }

        using IStoredFile file = files.Store.Open(files.IndexPathOf(number));
        using SortedKeys entries = _keys.ToSorted();
        if (IndexFile.FirstDifference(file, trailer, entries) is >= 0 and var at)
        {
            Faults.Add(new AuditFault(AuditFormat.IndexNameOf(number), at, null, "The index does not fit its segment. Delete it: it is made anew from the records, which are right."));
        }
    }

    private void Add(long offset, int? record, string problem)
    {
        if (Faults.Count < MostFaults)
        {
            Faults.Add(new AuditFault(_name, offset, record, problem));
        }
    }
}
