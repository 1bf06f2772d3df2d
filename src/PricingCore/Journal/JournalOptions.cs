using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>Where an engine keeps its journal and its snapshots, and how much of them.</summary>
/// <threadsafety>Not thread-safe; the engine reads it once, when it starts.</threadsafety>
public sealed class JournalOptions
{
    /// <summary>The directory; made when it is not there. One engine at a time uses it.</summary>
    /// <value>No default: without it there is no journal.</value>
    public string Directory { get; set; } = "";

    /// <summary>What is promised of accepted events.</summary>
    /// <value><see cref="Durability.Durable"/> unless set.</value>
    public Durability Durability { get; set; } = Durability.Durable;

    /// <summary>How blocks are compressed.</summary>
    /// <value><see cref="JournalCodec.Brotli"/> unless set.</value>
    public JournalCodec Codec { get; set; } = JournalCodec.Brotli;

    /// <summary>Bytes of a segment, after which the next one begins.</summary>
    /// <value>From 1,048,576 to 1,073,741,824; 67,108,864 unless set.</value>
    public int SegmentBytes { get; set; } = 67_108_864;

    /// <summary>Age of a segment, by the time of its records, after which the next one begins.</summary>
    /// <value>From 1 minute to 7 days; 1 hour unless set.</value>
    public TimeSpan SegmentAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long segments are kept at least. What the oldest snapshot still needs stays longer.</summary>
    /// <value>From 1 minute to 3,650 days; 7 days unless set.</value>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of journal beyond which the oldest segments go before their time, unless a snapshot still needs them.</summary>
    /// <value>From 1,048,576 to 1,000,000,000,000,000; 100,000,000,000 unless set.</value>
    public long KeepBytes { get; set; } = 100_000_000_000;

    /// <summary>Records of a loop after which the next snapshot is taken.</summary>
    /// <value>From 1,000 to 1,000,000,000; 1,000,000 unless set.</value>
    public int SnapshotEveryEvents { get; set; } = 1_000_000;

    /// <summary>Snapshots that are kept.</summary>
    /// <value>From 1 to 1,000; 3 unless set.</value>
    public int SnapshotsToKeep { get; set; } = 3;

    /// <summary>The files; those of the operating system unless a simulation sets others.</summary>
    internal IFileStore Files { get; set; } = DiskFileStore.Instance;

    /// <summary>Whether a journal is written.</summary>
    internal bool IsWritten => Durability != Durability.None && Directory.Length > 0;
}
