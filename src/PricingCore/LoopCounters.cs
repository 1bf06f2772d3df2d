namespace PricingCore;

/// <summary>What one loop has counted; written by the loop, read by anybody.</summary>
/// <remarks>Plain 64-bit fields: a reader may see a number that is a moment old, never a torn one.</remarks>
internal sealed class LoopCounters
{
    public long Applied { get; set; }

    public long Duplicates { get; set; }

    public long LateEvents { get; set; }

    public long Decisions { get; set; }

    public long Fallbacks { get; set; }

    public long StaleDecisions { get; set; }

    public long DemandSpikes { get; set; }
}
