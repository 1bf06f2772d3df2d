namespace PricingCore.Load.Measuring;

/// <summary>The middle of a few runs: one that was disturbed does not move it.</summary>
internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median, and the least and the largest, of the ratios of runs made in pairs.</summary>
    public static (double Ratio, string Note) OfPairs(IReadOnlyList<double> ours, IReadOnlyList<double> rivals)
    {
        double[] ratios = [.. ours.Zip(rivals, (own, rival) => rival / own)];
        return (Of(ratios), FormattableString.Invariant($"{ratios.Min():F2}..{ratios.Max():F2} in {ratios.Length} pairs"));
    }
}
