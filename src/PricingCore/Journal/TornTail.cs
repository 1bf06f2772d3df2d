namespace PricingCore.Journal;

/// <summary>What a crash left at the end of a journal: bytes that were never reported as safe.</summary>
/// <param name="File">The last segment.</param>
/// <param name="Offset">Where its last whole block ends.</param>
/// <param name="Bytes">How many bytes behind that are not zero, up to the last that is not.</param>
internal sealed record TornTail(string File, long Offset, long Bytes);
