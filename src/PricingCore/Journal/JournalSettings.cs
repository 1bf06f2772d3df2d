namespace PricingCore.Journal;

/// <summary>How a journal is written. Checked by whoever takes them from a user.</summary>
internal sealed record JournalSettings
{
    /// <summary>The lane whose journal it is.</summary>
    public int Lane { get; init; }

    /// <summary>How blocks are compressed.</summary>
    public JournalCodec Codec { get; init; } = JournalCodec.Brotli;

    /// <summary>Bytes of a segment.</summary>
    /// <value>From 4,096 to 1,073,741,824; 67,108,864 unless set. A note that is longer makes its segment longer.</value>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>A segment ends when a record comes that was received so much later than its first.</summary>
    /// <value>Microseconds; one hour unless set.</value>
    public long SegmentAgeMicros { get; init; } = 3_600_000_000;

    /// <summary>The most bytes that are kept in memory since they are not yet safe on disk; a sync comes at half of it, asked for or not.</summary>
    public int MaxPendingBytes { get; init; } = 64 << 20;

    /// <summary>Segments whose records are all older go away.</summary>
    /// <value>Microseconds; 7 days unless set.</value>
    public long KeepMicros { get; init; } = 7 * 86_400_000_000;

    /// <summary>The oldest segments go away while all together are longer.</summary>
    /// <value>Bytes; no limit unless set.</value>
    public long KeepBytes { get; init; } = long.MaxValue;
}
