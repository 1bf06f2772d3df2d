namespace PricingCore.Journal;

/// <summary>What an engine promises of what it has accepted, should its process or its machine end without warning.</summary>
public enum Durability : byte
{
    /// <summary>Nothing: no journal is written.</summary>
    None = 0,

    /// <summary>It is written a moment later. The end of the process loses what was still in memory, the end of the machine also what the system had not yet written.</summary>
    Buffered = 1,

    /// <summary>Nothing is acknowledged, and no decision can be seen, before all that led to it is on disk.</summary>
    Durable = 2,
}
