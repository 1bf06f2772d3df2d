namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>The configuration of an engine whose start takes little, and that decides, rolls segments and takes snapshots in a short life.</summary>
internal static class SmallEngine
{
    private static readonly string Durability = Environment.GetEnvironmentVariable("PRICINGCORE_CRASH_DURABILITY") is { Length: > 0 } other ? other : "Durable";

    /// <summary>Writes it.</summary>
    public static void Write(string path) => File.WriteAllText(path, $$"""
        {
          "Engine": {
            "MaxRegions": 16, "MaxProducts": 4, "MaxUnits": 4096, "MaxSessions": 4096, "MaxIdempotencyKeys": 1048576, "UserEventsPerMinute": 0, "Shards": 2, "TickInterval": "100ms",
            "DecisionValidity": "1s", "DirtyAfterEvents": 4, "QuoteValidity": "5m",
            "Journal": { "Durability": "{{Durability}}", "SegmentBytes": 1048576, "SnapshotEveryEvents": 2000 },
            "Audit": { "SegmentBytes": 262144 }
          }
        }
        """);
}
