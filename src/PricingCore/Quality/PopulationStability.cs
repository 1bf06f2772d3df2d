namespace PricingCore.Quality;

/// <summary>The population stability index of two samples that were counted in the same bins.</summary>
/// <remarks>
/// Sum over bins of (p - q) x ln(p / q), p and q the shares of a bin: the symmetric Kullback-Leibler divergence. Below 0.1 is read as no change, over
/// 0.25 as a shift (N. Siddiqi, Credit Risk Scorecards, 2006). A share below 1/10,000 counts as that, so that an empty bin gives a number.
/// </remarks>
internal static class PopulationStability
{
    /// <summary>The least share that a bin counts with.</summary>
    public const double LeastShare = 0.0001;

    /// <summary>The index, 0 or more; 0 when a sample is empty.</summary>
    public static double Index(ReadOnlySpan<long> first, ReadOnlySpan<long> second)
    {
        double ofFirst = Sum(first);
        double ofSecond = Sum(second);
        if (ofFirst <= 0 || ofSecond <= 0)
        {
            return 0;
        }

        double index = 0;
        for (int bin = 0; bin < first.Length; bin++)
        {
            double p = Math.Max(LeastShare, first[bin] / ofFirst);
            double q = Math.Max(LeastShare, second[bin] / ofSecond);
            index += (p - q) * double.Log(p / q); // Its last bit may differ between platforms: no decision reads it.
        }

        return index;
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }

        return sum;
    }
}
