namespace PricingCore.Cli.Replay;

/// <summary>What a replay did, for people and machines.</summary>
internal sealed record ReplaySummary
{
    public long Accepted { get; init; }

    public long Duplicate { get; init; }

    public long Late { get; init; }

    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> Skipped { get; init; } = new Dictionary<string, long>();

    public int Regions { get; init; }

    public long Quotes { get; init; }

    public IReadOnlyDictionary<string, long> Refused { get; init; } = new Dictionary<string, long>();

    public DateTimeOffset? FirstEvent { get; init; }

    public DateTimeOffset? LastEvent { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>What could not be read to the end, one sentence a file.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    public double EventsPerSecond => PerSecond(Accepted + Duplicate + Rejected.Values.Sum());

    public double QuotesPerSecond => PerSecond(Quotes);

    private double PerSecond(long count) => Elapsed > TimeSpan.Zero ? count / Elapsed.TotalSeconds : 0;
}
