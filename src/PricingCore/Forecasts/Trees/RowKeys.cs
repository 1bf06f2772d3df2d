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
    private const int BelowAll = int.MinValue;
    private const int AboveAll = int.MaxValue;

    /// <summary>The key of a number that is not NaN.</summary>
    public static int Of(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value + 0f); // -0 + 0 is 0.
        return bits ^ ((bits >> 31) & int.MaxValue); // The bits of a negative number but its sign are turned around.
    }

    /// <summary>Writes the keys of rows: two columns for each feature.</summary>
    /// <param name="rows">The rows, one after the other.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="features">Features in a row.</param>
    /// <param name="keys">Where they go: 2 x <paramref name="features"/> a row.</param>
    /// <param name="vectors">Whether to use the vectors of the CPU.</param>
    public static void Fill(float* rows, int count, int features, int* keys, bool vectors)
    {
        for (int row = 0; row < count; row++)
        {
            int i = vectors && Vector256.IsHardwareAccelerated ? FillVectors(rows, features, keys) : 0;
            for (; i < features; i++)
            {
                float value = rows[i];
                int key = Of(value);
                bool isMissing = float.IsNaN(value);
                keys[i] = isMissing ? BelowAll : key;
                keys[features + i] = isMissing ? AboveAll : key;
            }

            rows += features;
            keys += 2 * features;
        }
    }

    private static int FillVectors(float* row, int features, int* keys)
    {
        int i = 0;
        for (; i <= features - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> value = Vector256.Load(row + i);
            Vector256<int> bits = (value + Vector256<float>.Zero).AsInt32();
            Vector256<int> key = bits ^ ((bits >> 31) & Vector256.Create(int.MaxValue));
            Vector256<int> isKnown = Vector256.Equals(value, value).AsInt32();
            Vector256.ConditionalSelect(isKnown, key, Vector256.Create(BelowAll)).Store(keys + i);
            Vector256.ConditionalSelect(isKnown, key, Vector256.Create(AboveAll)).Store(keys + features + i);
        }

        return i;
    }
}
