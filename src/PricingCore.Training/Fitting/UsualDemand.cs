using PricingCore.Training.History;

namespace PricingCore.Training.Fitting;

/// <summary>How much demand is usual for a row: a multiple of one feature, plus a little.</summary>
/// <remarks>
/// usual = feature x <paramref name="PerUnit"/> + <paramref name="Prior"/>; a missing feature counts as 0. The prior keeps rows comparable
/// where the feature is 0; it is at most one booking.
/// </remarks>
/// <param name="Column">The feature's index in the row.</param>
/// <param name="PerUnit">Bookings for each unit of the feature.</param>
/// <param name="Prior">Bookings where the feature is 0; above 0.</param>
internal sealed record UsualDemand(int Column, float PerUnit, float Prior)
{
    private const double PriorShare = 0.25;
    private const double LargestPrior = 1;

    /// <summary>Features that can say how much is usual, where a schema has them.</summary>
    public static IReadOnlyList<string> Candidates { get; } =
        ["expected_demand_60min", "profile_this_hour", "rolling_avg_demand_7d", "demand_lag_168h", "next_hour_last_week"];

    /// <summary>Fits it: over all rows, as much is usual as there was.</summary>
    /// <exception cref="TrainingException">There was no demand in the rows.</exception>
    public static UsualDemand Fit(DemandRows rows, int[] subset, int horizon, int column)
    {
        double demand = 0;
        double feature = 0;
        foreach (int row in subset)
        {
            demand += rows.DemandOf(row, horizon);
            feature += Known(rows, row, column);
        }

        double mean = demand / subset.Length;
        double prior = Math.Min(LargestPrior, mean * PriorShare);
        if (demand == 0)
        {
            throw new TrainingException($"There was no booking within {rows.HorizonsMinutes[horizon]} minutes of any training row; there is nothing to learn.");
        }

        return new UsualDemand(column, feature <= 0 ? 0 : (float)((mean - prior) * subset.Length / feature), (float)(feature <= 0 ? mean : prior));
    }

    /// <summary>What is usual for a row, in bookings; with the arithmetic of the graph.</summary>
    public float Of(DemandRows rows, int row) => (Known(rows, row, Column) * PerUnit) + Prior;

    private static float Known(DemandRows rows, int row, int column)
    {
        float value = rows.FeaturesOf(row)[column];
        return float.IsNaN(value) ? 0 : value;
    }
}
