namespace PricingCore.Journal;

/// <summary>What a journal holds, as far as it can be read.</summary>
internal sealed class JournalReport
{
    public required string Directory { get; init; }

    public int Segments { get; set; }

    /// <summary>Bytes of all segment files; more than is written where a segment has reserved room.</summary>
    public long FileBytes { get; set; }

    /// <summary>Bytes of headers and blocks that were read.</summary>
    public long Bytes { get; set; }

    public long Blocks { get; set; }

    public long Records { get; set; }

    public long Notes { get; set; }

    /// <summary>The sequence of the first record; 0 when there is none.</summary>
    public long FirstSequence { get; set; }

    /// <summary>The sequence of the last record; 0 when there is none.</summary>
    public long LastSequence { get; set; }

    /// <summary>When the first record was received, in microseconds; 0 when there is none.</summary>
    public long FirstTimeMicros { get; set; }

    /// <summary>When the last record was received, in microseconds; 0 when there is none.</summary>
    public long LastTimeMicros { get; set; }

    /// <summary>Whether the journal was closed, and not left by a crash or is still written.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Blocks of records by codec.</summary>
    public SortedDictionary<JournalCodec, long> Codecs { get; } = [];

    /// <summary>Records by the number of their kind.</summary>
    public SortedDictionary<int, long> Kinds { get; } = [];

    /// <summary>The torn tail; null when there is none.</summary>
    public TornTail? Torn { get; set; }

    /// <summary>The first damage; null when there is none.</summary>
    public JournalDamagedException? Fault { get; set; }
}
