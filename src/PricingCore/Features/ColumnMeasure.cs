namespace PricingCore.Features;

/// <summary>What a cell of a pane holds.</summary>
internal enum ColumnMeasure : byte
{
    /// <summary>A number of events.</summary>
    Count,

    /// <summary>A number of events that carry a value.</summary>
    ValueCount,

    /// <summary>A sum of values, in 1/10,000: integers, so that order does not matter.</summary>
    Sum,

    /// <summary>The smallest value, in 1/10,000.</summary>
    Min,

    /// <summary>The largest value, in 1/10,000.</summary>
    Max,

    /// <summary>The value of the event that happened last: its microsecond within the minute, and its float, packed so that the larger is the later.</summary>
    Last,
}
