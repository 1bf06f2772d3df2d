using PricingCore.Journal;
using PricingCore.Regions;
using PricingCore.Storage;
using PricingCore.Tokens;

namespace PricingCore.Simulation;

/// <summary>What a seed's engine is like.</summary>
internal sealed record SimulationTraits
{
    public const string Directory = "sim";
    public const string AuditDirectory = "sim/audit";

    public required int Shards { get; init; }

    public required Durability Durability { get; init; }

    public required int Regions { get; init; }

    public required bool HasNeighbours { get; init; }

    /// <summary>Whether old segments of the journal go away.</summary>
    public required bool Retires { get; init; }

    public required bool HasAudit { get; init; }

    /// <summary>How many of a thousand steps bring trouble.</summary>
    public required int TroublesPerThousand { get; init; }

    public bool IsDurable => Durability == Durability.Durable;

    public static SimulationTraits Draw(Random random)
    {
        int shards = random.Next(3) == 0 ? random.Next(2, 4) : 1;
        return new SimulationTraits
        {
            Shards = shards,
            Durability = random.Next(6) == 0 ? Durability.Buffered : Durability.Durable,
            Regions = random.Next(3, 12),
            HasNeighbours = shards == 1 && random.Next(2) == 0, // Loops of neighbours wait for each other, which one thread cannot.
            Retires = random.Next(3) == 0,
            HasAudit = random.Next(4) > 0,
            TroublesPerThousand = random.Next(3, 20),
        };
    }

    public static string NameOf(int region) => $"region-{region}";

    public PricingOptions ToOptions(IFileStore files, TimeProvider time) => new()
    {
        IsStepped = true,
        TimeProvider = time,
        Shards = Shards,
        Regions = HasNeighbours ? [.. Enumerable.Range(0, Regions).Select(i => new Region(NameOf(i)) { Neighbours = [NameOf((i + 1) % Regions)] })] : [],
        MaxRegions = 40,
        MaxProducts = 4,
        MaxUnits = 256,
        MaxSessions = 512,
        MaxIdempotencyKeys = 16_384,
        MaxDecisions = 64,
        MaxWaitingRequests = 4_096,
        RingCapacityEvents = 1_024,
        IdempotencyWindow = ClientLedger.KeyWindow,
        Signing = new SigningOptions { Keys = new QuoteKeys(new QuoteKey("one", new byte[32])), MaxRedemptions = 1_024 },
        Journal = new JournalOptions
        {
            Directory = Directory,
            Files = files,
            Durability = Durability,
            Codec = JournalCodec.Brotli,
            SegmentBytes = 1_048_576,
            SegmentAge = TimeSpan.FromMinutes(1),
            KeepFor = Retires ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(30),
            SnapshotEveryEvents = 1_000,
            SnapshotsToKeep = 2,
        },
        Audit = new Audit.AuditOptions { Directory = HasAudit ? AuditDirectory : null, RingCapacity = 4_096, SegmentBytes = 65_536 },
    };
}
