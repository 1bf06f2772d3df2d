namespace PricingCore.Snapshots;

/// <summary>What a snapshot is of.</summary>
/// <param name="Number">Counts snapshots; the newest has the largest.</param>
/// <param name="CreatedMicros">When it was taken: the time of the tick it was cut at, in microseconds since 1970.</param>
/// <param name="SchemaHash">The hash of the feature schema.</param>
/// <param name="Lanes">How far each lane was.</param>
internal sealed record SnapshotHead(long Number, long CreatedMicros, string SchemaHash, IReadOnlyList<SnapshotLane> Lanes)
{
    /// <summary>The most lanes: as many as there can be shards.</summary>
    public const int MaxLanes = 64;
}

/// <summary>How far a lane was when a snapshot was taken.</summary>
/// <param name="Sequence">The last record that the snapshot contains.</param>
/// <param name="DecisionOrdinal">Decisions that the lane had made by then.</param>
internal readonly record struct SnapshotLane(long Sequence, long DecisionOrdinal);
