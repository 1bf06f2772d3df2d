using System.Numerics;

namespace PricingCore.Forecasts.Inference;

/// <summary>How a loaded model has done: answers, misses, and how long its batches took.</summary>
/// <remarks>Plain 64-bit fields: a reader may see a number that is a moment old, never a torn one.</remarks>
/// <threadsafety>Written by the inference thread, read by any.</threadsafety>
internal sealed class ModelHealth
{
    private const int Buckets = 40; // Powers of the square root of two, from 1 us to 1 s.

    private readonly long[] _latency = new long[Buckets];

    /// <summary>Valid forecasts given.</summary>
    public long Answers { get; private set; }

    /// <summary>Requests without a valid forecast.</summary>
    public long Misses { get; private set; }

    /// <summary>Counts a batch: its answers, its misses, and its microseconds from the oldest request to the answers.</summary>
    public void Count(int answers, int misses, double micros)
    {
        Answers += answers;
        Misses += misses;
        _latency[BucketOf(micros)] += answers + misses;
    }

    /// <summary>The state now, to be subtracted from a later one.</summary>
    public HealthSnapshot Read() => new(Answers, Misses, [.. _latency]);

    /// <summary>The upper end of a bucket, in microseconds.</summary>
    internal static double UpperEnd(int bucket) => BitConverter.UInt64BitsToDouble((ulong)(1023 + ((bucket + 1) / 2)) << 52) * (((bucket + 1) & 1) == 0 ? 1 : 1.4142135623730951);

    private static int BucketOf(double micros)
    {
        if (!(micros >= 1))
        {
            return 0;
        }

        int power = BitOperations.Log2((ulong)Math.Min(micros, 1e9));
        bool isUpperHalf = micros >= BitConverter.UInt64BitsToDouble((ulong)(1023 + power) << 52) * 1.4142135623730951;
        return Math.Min(Buckets - 1, (2 * power) + (isUpperHalf ? 1 : 0));
    }
}

/// <summary>The health of a model at one moment, or between two.</summary>
/// <param name="Answers">Valid forecasts.</param>
/// <param name="Misses">Requests without one.</param>
/// <param name="Latency">Requests by latency; see <see cref="ModelHealth"/>.</param>
internal readonly record struct HealthSnapshot(long Answers, long Misses, long[] Latency)
{
    /// <summary>Nothing yet.</summary>
    public static HealthSnapshot None { get; } = new(0, 0, []);

    /// <summary>Requests answered or missed.</summary>
    public long Requests => Answers + Misses;

    /// <summary>Misses of all requests, 0 to 1.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)Misses / Requests;

    /// <summary>What came after an earlier moment.</summary>
    public HealthSnapshot Since(in HealthSnapshot earlier)
    {
        long[] before = earlier.Latency;
        return new HealthSnapshot(
            Answers - earlier.Answers, Misses - earlier.Misses, [.. Latency.Select((count, i) => count - (i < before.Length ? before[i] : 0))]);
    }

    /// <summary>The latency that a share of the requests kept within, in microseconds; up to 1.42 times too high.</summary>
    public double LatencyMicros(double share)
    {
        long left = (long)Math.Ceiling(Latency.Sum() * share);
        for (int i = 0; i < Latency.Length; i++)
        {
            left -= Latency[i];
            if (left <= 0)
            {
                return Requests == 0 ? 0 : ModelHealth.UpperEnd(i);
            }
        }

        return 0;
    }
}
