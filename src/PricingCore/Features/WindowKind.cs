namespace PricingCore.Features;

/// <summary>How a window lies in time.</summary>
public enum WindowKind : byte
{
    /// <summary>The minutes up to now, the current one included.</summary>
    Sliding = 0,

    /// <summary>The last closed window; windows are aligned to 1970 UTC.</summary>
    Tumbling = 1,
}
