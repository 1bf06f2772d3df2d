namespace PricingCore.Forecasts.Trees;

/// <summary>Makes rows for a check: near and on the thresholds of the trees, missing, of both zeros, infinite, and next to nothing.</summary>
internal static class CheckRows
{
    private const float LeastSpread = 8; // Around thresholds that are all the same, or where a feature has none.
    private const int MaxThresholds = 1_024; // Of one feature: enough to choose from.

    /// <summary>Rows that follow from their seed alone.</summary>
    /// <param name="trees">The trees whose thresholds are met.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <param name="count">How many.</param>
    /// <returns>The rows one after the other. In every other row, most numbers are usual ones.</returns>
    public static float[] Make(TreeEnsemble trees, ulong seed, int count)
    {
        float[][] thresholds = ThresholdsOf(trees);
        (float Low, float High)[] ranges = [.. thresholds.Select(RangeOf)];
        float[] rows = new float[count * trees.FeatureCount];
        var numbers = new NumberStream(seed);
        for (int i = 0; i < rows.Length; i++)
        {
            int feature = i % trees.FeatureCount;
            bool isWild = i / trees.FeatureCount % 2 == 1;
            rows[i] = Cell(ref numbers, thresholds[feature], ranges[feature], isWild);
        }

        return rows;
    }

    private static float[][] ThresholdsOf(TreeEnsemble trees)
    {
        var found = new HashSet<float>[trees.FeatureCount];
        for (int node = 0; node < trees.Starts[^1]; node++)
        {
            HashSet<float> own = found[trees.Feature[node]] ??= [];
            if (!trees.IsLeaf(node) && own.Count < MaxThresholds)
            {
                own.Add(trees.Value[node]);
            }
        }

        return [.. found.Select(own => own is null ? [] : own.Order().ToArray())];
    }

    private static (float Low, float High) RangeOf(float[] thresholds)
    {
        float low = thresholds.Length == 0 ? 0 : thresholds[thresholds.Length / 8];
        float high = thresholds.Length == 0 ? 0 : thresholds[thresholds.Length - 1 - (thresholds.Length / 8)];
        float spread = MathF.Max(LeastSpread, high - low) / 4;
        return (low - spread, high + spread);
    }

    private static float Cell(ref NumberStream numbers, float[] thresholds, (float Low, float High) range, bool isWild)
    {
        int kind = numbers.Below(isWild ? 20 : 10);
        float near = thresholds.Length == 0 ? 1 : thresholds[numbers.Below(thresholds.Length)];
        return kind switch
        {
            0 => float.NaN,
            1 or 2 => near,
            3 => MathF.BitDecrement(near),
            4 => MathF.BitIncrement(near),
            < 12 => range.Low + (numbers.Share() * (range.High - range.Low)),
            12 => 0f,
            13 => -0f,
            14 => float.PositiveInfinity,
            15 => float.NegativeInfinity,
            16 => float.Epsilon * numbers.Below(1_000),
            17 => -float.Epsilon * numbers.Below(1_000),
            18 => BitConverter.Int32BitsToSingle(unchecked((int)numbers.Next())), // Any bits at all.
            _ => float.NaN,
        };
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood, 2014): numbers that follow from a seed.</summary>
    private struct NumberStream(ulong seed)
    {
        private ulong _state = seed;

        public ulong Next()
        {
            unchecked
            {
                ulong z = _state += 0x9e3779b97f4a7c15;
                z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
                z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
                return z ^ (z >> 31);
            }
        }

        public int Below(int count) => (int)(Next() % (ulong)count);

        public float Share() => (Next() >> 40) / 16_777_216f;
    }
}
