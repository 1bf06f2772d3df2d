using System.Globalization;
using System.Numerics;

namespace PricingCore.Load.Measuring;

/// <summary>A histogram of times, each known to one part in 64: 64 buckets for each power of two of nanoseconds.</summary>
/// <remarks>Fixed memory, no allocation while recording.</remarks>
/// <threadsafety>Any thread may record; read when all have finished.</threadsafety>
internal sealed class Latencies
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[64 * SubBuckets];
    private long _max;

    public long Count => _counts.Sum();

    public void Record(long nanos)
    {
        nanos = Math.Max(0, nanos);
        Interlocked.Increment(ref _counts[BucketOf(nanos)]);
        long max;
        while (nanos > (max = Volatile.Read(ref _max)) && Interlocked.CompareExchange(ref _max, nanos, max) != max)
        {
        }
    }

    /// <summary>Adds all records of another.</summary>
    public void Add(Latencies other)
    {
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        _max = Math.Max(_max, other._max);
    }

    /// <summary>The time in microseconds that a share of the records did not exceed.</summary>
    /// <param name="share">From 0 to 1; 1 is the longest.</param>
    public double MicrosAt(double share)
    {
        long wanted = (long)Math.Ceiling(share * Count);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length && share < 1; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted && seen > 0)
            {
                return Math.Min(UpperEnd(bucket), _max) / 1e3;
            }
        }

        return _max / 1e3;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {MicrosAt(0.5):F1}  p90 {MicrosAt(0.9):F1}  p99 {MicrosAt(0.99):F1}  p99.9 {MicrosAt(0.999):F1}  p99.99 {MicrosAt(0.9999):F1}  max {MicrosAt(1):F1} us");

    private static int BucketOf(long nanos)
    {
        if (nanos < SubBuckets)
        {
            return (int)nanos;
        }

        int shift = BitOperations.Log2((ulong)nanos) - SubBits;
        return ((shift + 1) * SubBuckets) + (int)((nanos >> shift) - SubBuckets);
    }

    private static long UpperEnd(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        int shift = (bucket / SubBuckets) - 1;
        return (((long)(bucket % SubBuckets) + SubBuckets + 1) << shift) - 1;
    }
}
