using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PricingCore.Forecasts.Trees;

/// <summary>Rows as integers that are in the same order as the floats were, so that trees compare integers.</summary>
/// <remarks>
/// <para>Each row is stored twice: first for nodes where a missing value goes left (below every threshold), then for those where it goes right
/// (above every one). A node names the copy that it reads by its column, so that a missing value costs no branch.</para>
/// <para>The bits of floats are in order but for their sign: negative ones are turned around, and the negative zero becomes the positive one.
/// Infinities and denormals keep their places; nothing is flushed or rounded.</para>
/// </remarks>
internal static unsafe class RowKeys
{
    /// <summary>The key of a missing value that goes left.</summary>
    public const int BelowAll = int.MinValue;

    /// <summary>The key of a missing value that goes right.</summary>
    public const int AboveAll = int.MaxValue;

    /// <summary>The key of a number that is not NaN.</summary>
    public static int Of(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value + 0f); // -0 + 0 is 0.
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    /// <summary>The key of any number.</summary>
    public static int Of(float value, int missing) => float.IsNaN(value) ? missing : Of(value);

    /// <summary>The column of keys that a node compares.</summary>
    public static int ColumnOf(TreeEnsemble ensemble, int node) =>
        ensemble.Feature[node] + (ensemble.MissingGoesLeft[node] ? 0 : ensemble.FeatureCount);

    /// <summary>Writes the keys of a row: two columns for each feature.</summary>
    /// <param name="row">The row.</param>
    /// <param name="features">Features in a row.</param>
    /// <param name="keys">Where they go.</param>
    /// <param name="vectors">Whether to use the vectors of the CPU.</param>
    public static void Fill(float* row, int features, int* keys, bool vectors)
    {
        int i = 0;
        if (vectors && Vector256.IsHardwareAccelerated)
        {
            for (; i <= features - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                Store(Vector256.Load(row + i), keys + i, keys + features + i);
            }
        }

        for (; i < features; i++)
        {
            keys[i] = Of(row[i], BelowAll);
            keys[features + i] = Of(row[i], AboveAll);
        }
    }

    /// <summary>Writes the keys of eight numbers to both copies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> values, int* missingLeft, int* missingRight)
    {
        Vector256<int> bits = (values + Vector256<float>.Zero).AsInt32();
        Vector256<int> keys = bits ^ ((bits >> 31) & Vector256.Create(int.MaxValue));
        Vector256<int> isKnown = Vector256.Equals(values, values).AsInt32();
        Vector256.ConditionalSelect(isKnown, keys, Vector256.Create(BelowAll)).Store(missingLeft);
        Vector256.ConditionalSelect(isKnown, keys, Vector256.Create(AboveAll)).Store(missingRight);
    }
}
