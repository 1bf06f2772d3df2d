namespace PricingCore.Features;

/// <summary>What a windowed feature makes of the events in its window.</summary>
public enum EventAggregate : byte
{
    /// <summary>How many events.</summary>
    Count = 0,

    /// <summary>The sum of their values, exact to 1/10,000.</summary>
    Sum = 1,

    /// <summary>The mean of their values; missing when there are none.</summary>
    Mean = 2,

    /// <summary>The smallest value; missing when there is none.</summary>
    Min = 3,

    /// <summary>The largest value; missing when there is none.</summary>
    Max = 4,

    /// <summary>The value of the event that happened last; missing when there is none.</summary>
    Last = 5,

    /// <summary>Events a minute.</summary>
    Rate = 6,
}
