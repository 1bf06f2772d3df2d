namespace PricingCore.Protocol;

/// <summary>Whether a frame could be read.</summary>
public enum FrameStatus
{
    /// <summary>It is there.</summary>
    Complete,

    /// <summary>Bytes are missing.</summary>
    Incomplete,

    /// <summary>It is longer than allowed.</summary>
    TooLong,

    /// <summary>It is not a frame.</summary>
    Malformed,
}
