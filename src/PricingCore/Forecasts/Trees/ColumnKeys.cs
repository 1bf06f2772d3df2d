using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PricingCore.Forecasts.Trees;

/// <summary>The keys of a block of rows, column by column: what <see cref="RowKeys"/> makes, turned around.</summary>
internal static unsafe class ColumnKeys
{
    private const int Side = 8; // Of the squares that are turned around in registers.

    /// <summary>Writes the keys of a block of rows. Needs AVX2.</summary>
    /// <param name="rows">The rows, one after the other.</param>
    /// <param name="count">How many; the last one is repeated to fill a square.</param>
    /// <param name="features">Features in a row.</param>
    /// <param name="columns">Where they go: 2 x <paramref name="features"/> columns.</param>
    /// <param name="stride">Keys from one column to the next; a multiple of eight.</param>
    public static void Fill(float* rows, int count, int features, int* columns, int stride)
    {
        unchecked // Within the rows and the columns, whose lengths were checked.
        {
            for (int row = 0; row < count; row += Side)
            {
                int column = 0;
                for (; column <= features - Side; column += Side)
                {
                    Square(rows + column, row, count, features, columns + (column * stride) + row, features * stride, stride);
                }

                for (; column < features; column++)
                {
                    for (int i = row; i < row + Side; i++)
                    {
                        float value = rows[(Math.Min(i, count - 1) * features) + column];
                        columns[(column * stride) + i] = RowKeys.Of(value, RowKeys.BelowAll);
                        columns[((features + column) * stride) + i] = RowKeys.Of(value, RowKeys.AboveAll);
                    }
                }
            }
        }
    }

    private static void Square(float* from, int row, int count, int features, int* to, int copy, int stride)
    {
        unchecked
        {
            int last = count - 1;
            Vector256<float> a = Vector256.Load(from + (row * features));
            Vector256<float> b = Vector256.Load(from + (Math.Min(row + 1, last) * features));
            Vector256<float> c = Vector256.Load(from + (Math.Min(row + 2, last) * features));
            Vector256<float> d = Vector256.Load(from + (Math.Min(row + 3, last) * features));
            Vector256<float> e = Vector256.Load(from + (Math.Min(row + 4, last) * features));
            Vector256<float> f = Vector256.Load(from + (Math.Min(row + 5, last) * features));
            Vector256<float> g = Vector256.Load(from + (Math.Min(row + 6, last) * features));
            Vector256<float> h = Vector256.Load(from + (Math.Min(row + 7, last) * features));

            // Pairs of rows, then quads, then halves: columns 0, 4 | 1, 5 | 2, 6 | 3, 7 come out together.
            (Vector256<float> ab, Vector256<float> ab2) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
            (Vector256<float> cd, Vector256<float> cd2) = (Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
            (Vector256<float> ef, Vector256<float> ef2) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f));
            (Vector256<float> gh, Vector256<float> gh2) = (Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
            Halves(Avx.Shuffle(ab, cd, 0x44), Avx.Shuffle(ef, gh, 0x44), to, copy, 4 * stride);
            Halves(Avx.Shuffle(ab, cd, 0xee), Avx.Shuffle(ef, gh, 0xee), to + stride, copy, 4 * stride);
            Halves(Avx.Shuffle(ab2, cd2, 0x44), Avx.Shuffle(ef2, gh2, 0x44), to + (2 * stride), copy, 4 * stride);
            Halves(Avx.Shuffle(ab2, cd2, 0xee), Avx.Shuffle(ef2, gh2, 0xee), to + (3 * stride), copy, 4 * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<float> low, Vector256<float> high, int* to, int copy, int half)
    {
        RowKeys.Store(Avx.Permute2x128(low, high, 0x20), to, to + copy);
        RowKeys.Store(Avx.Permute2x128(low, high, 0x31), to + half, to + half + copy);
    }
}
