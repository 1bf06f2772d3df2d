namespace PricingCore.Forecasts.Trees;

/// <summary>Adds up the leaves that a row reached.</summary>
internal static unsafe class LeafSums
{
    /// <summary>Adds one leaf after the other, as every other runtime does: sums of floats depend on their order.</summary>
    /// <param name="forest">The trees.</param>
    /// <param name="leaves">The leaf of each tree.</param>
    /// <param name="sums">Where the sums go: one every <paramref name="stride"/> floats.</param>
    /// <param name="stride">From one target to the next.</param>
    public static void Add(PerfectForest forest, float* leaves, float* sums, int stride)
    {
        int t = 0;
        foreach (int end in forest.TreeEnds)
        {
            float sum = 0;
            for (; t < end; t++)
            {
                sum += leaves[t];
            }

            *sums = sum;
            sums += stride;
        }
    }
}
