namespace PricingCore.Training.History;

/// <summary>A forecast that needs no model, from what was known at the time of the row; T is that time and h the horizon.</summary>
public enum DemandBaseline
{
    /// <summary>The demand in [T - 168 h, T - 168 h + h); the h before T where the region was not known a week before.</summary>
    SameHourLastWeek = 0,

    /// <summary>The mean of the same of the last four weeks, or as many as the region was known; the h before T where it was not known a week before.</summary>
    MeanOfFourWeeks = 1,

    /// <summary>The demand in [T - h, T).</summary>
    Persistence = 2,
}

/// <summary>The baselines in their order, by the names that model packages use.</summary>
public static class DemandBaselines
{
    /// <summary>How many there are.</summary>
    public const int Count = 3;

    /// <summary>The name of each: <c>same_hour_last_week</c>, <c>mean_of_four_weeks</c>, <c>persistence</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["same_hour_last_week", "mean_of_four_weeks", "persistence"];
}
