namespace PricingCore.Audit;

/// <summary>How a segment names the one before it; the byte is part of the file format.</summary>
internal enum SegmentLink : byte
{
    /// <summary>It is the first.</summary>
    None = 0,

    /// <summary>By the SHA-256 of its trailer.</summary>
    Trailer = 1,

    /// <summary>By the SHA-256 of its whole file, since it was damaged and could not be closed.</summary>
    WholeFile = 2,
}
