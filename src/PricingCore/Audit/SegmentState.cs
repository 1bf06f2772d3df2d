namespace PricingCore.Audit;

/// <summary>What must be known of a segment's records to go on with it and to close it.</summary>
/// <threadsafety>One thread, but for <see cref="Keys"/>.</threadsafety>
internal sealed class SegmentState
{
    private readonly MerkleTree _tree = new();
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _models = new(StringComparer.Ordinal);
    private readonly long[] _ordinals = new long[AuditFormat.MaxLanes];

    /// <param name="ordinals">The last decision recorded of each lane before this segment.</param>
    public SegmentState(ReadOnlySpan<long> ordinals) => ordinals.CopyTo(_ordinals);

    /// <summary>Where the records of requests, decisions, rules and models are.</summary>
    public KeyList Keys { get; } = new();

    public int Count => _tree.Count;

    /// <summary>The time of the first record; 0 before there is one.</summary>
    public long FirstAt { get; private set; }

    /// <summary>The latest time of a record.</summary>
    public long LastAt { get; private set; }

    /// <summary>The last decision recorded of each lane.</summary>
    public ReadOnlySpan<long> Ordinals => _ordinals;

    /// <summary>The first bytes of each leaf.</summary>
    public LeafList Leaves { get; } = new();

    /// <summary>Whether a rule set is recorded in this segment.</summary>
    public bool HasRules(string version) => _rules.Contains(version);

    /// <summary>Whether a model is recorded in this segment.</summary>
    public bool HasModel(string version) => _models.Contains(version);

    public void ReadRoot(Span<byte> root) => _tree.ReadRoot(root);

    /// <summary>Takes in the next record, written or read.</summary>
    /// <exception cref="InvalidDataException">Its body is not what its kind says.</exception>
    public void Add(in RecordHead head, ReadOnlySpan<byte> payload, uint offset)
    {
        ReadOnlySpan<byte> body = payload[AuditFormat.RecordHeadBytes..];
        if (RecordKeys.Of(head.Kind, body) is { } key)
        {
            Keys.Add(key, offset);
        }

        switch (head.Kind)
        {
            case AuditRecordKind.Decision:
                (_, int lane, long ordinal) = DecisionRecord.ReadName(body);
                _ordinals[lane] = Math.Max(_ordinals[lane], ordinal);
                break;
            case AuditRecordKind.Started:
                TakeOrdinals(NoteRecords.ReadStarted(body).Ordinals);
                break;
            case AuditRecordKind.Rules when NoteRecords.ReadRules(body) is var (version, part, parts, _) && part == parts - 1:
                _rules.Add(version); // Cut in the middle by a crash, it is written again before it is needed.
                break;
            case AuditRecordKind.Model:
                _models.Add(NoteRecords.ReadModel(body).Version);
                break;
        }

        Span<byte> hash = stackalloc byte[MerkleTree.HashBytes];
        MerkleTree.HashLeaf(payload, hash);
        Leaves.Add(hash);
        _tree.Add(hash);
        FirstAt = FirstAt == 0 ? head.Time : FirstAt;
        LastAt = Math.Max(LastAt, head.Time);
    }

    /// <summary>The segment before may be damaged and have no trailer, so each start repeats them.</summary>
    private void TakeOrdinals(ReadOnlySpan<long> ordinals)
    {
        for (int lane = 0; lane < ordinals.Length; lane++)
        {
            _ordinals[lane] = Math.Max(_ordinals[lane], ordinals[lane]);
        }
    }
}
