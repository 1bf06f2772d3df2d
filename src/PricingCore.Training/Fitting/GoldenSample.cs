using System.Buffers.Binary;
using PricingCore.Forecasts.Models;
using PricingCore.Numerics;
using PricingCore.Training.History;

namespace PricingCore.Training.Fitting;

/// <summary>Rows to check a model with wherever it is loaded: real ones, every eighth with some features taken away, and one without any.</summary>
internal static class GoldenSample
{
    private const ulong BlankedShare = 4; // One feature in four of those rows.

    /// <summary>The rows one after the other, spread over the whole history.</summary>
    public static float[] Of(DemandRows rows, int wanted)
    {
        int count = Math.Min(wanted - 1, rows.Count);
        int width = rows.Schema.Count;
        var sample = new float[(count + 1) * width];
        for (int i = 0; i < count; i++)
        {
            Span<float> row = sample.AsSpan(i * width, width);
            rows.FeaturesOf((int)((long)rows.Count * i / count)).CopyTo(row);
            if (i % GoldenRows.HolesEvery == 0)
            {
                Blank(row, i);
            }
        }

        sample.AsSpan(count * width).Fill(float.NaN);
        return sample;
    }

    private static void Blank(Span<float> row, int number)
    {
        Span<byte> key = stackalloc byte[8];
        for (int column = 0; column < row.Length; column++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(key, number);
            BinaryPrimitives.WriteInt32LittleEndian(key[4..], column);
            if (SipHash.Public.Hash64(key) % BlankedShare == 0)
            {
                row[column] = float.NaN;
            }
        }
    }
}
