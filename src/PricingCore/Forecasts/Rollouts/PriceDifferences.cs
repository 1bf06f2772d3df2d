using System.Numerics;
using PricingCore.Snapshots;

namespace PricingCore.Forecasts.Rollouts;

/// <summary>How the multipliers of a roll-out's two models differ, decision by decision.</summary>
/// <remarks>Plain 64-bit fields: a reader may see a number that is a moment old, never a torn one.</remarks>
/// <threadsafety>Written by one loop, read by any thread.</threadsafety>
internal sealed class PriceDifferences
{
    private const int Millionth = 1_000_000;
    private const int Buckets = 24; // Powers of two of a millionth: up to 8 times the price.

    /// <summary>No comparison yet.</summary>
    public static readonly PriceDifferenceReport None = new(0, 0, 0, 0, 0, 0);

    private readonly long[] _absolute = new long[Buckets];
    private long _compared;
    private long _changed;
    private long _sum;
    private long _absoluteSum;
    private long _largest;

    /// <summary>Counts a decision: the multiplier of the candidate against that of the running model, in steps.</summary>
    /// <param name="candidate">In steps of 1/10,000.</param>
    /// <param name="stable">In steps of 1/10,000; above 0.</param>
    /// <param name="pricesDiffer">Whether the rounded prices differ.</param>
    public void Count(int candidate, int stable, bool pricesDiffer)
    {
        long change = ((long)candidate - stable) * Millionth / Math.Max(1, stable);
        long absolute = Math.Abs(change);
        _compared++;
        _changed += pricesDiffer ? 1 : 0;
        _sum += change;
        _absoluteSum += absolute;
        _largest = Math.Max(_largest, absolute);
        _absolute[absolute == 0 ? 0 : Math.Min(Buckets - 1, BitOperations.Log2((ulong)absolute) + 1)]++;
    }

    /// <summary>Begins anew, for another roll-out.</summary>
    public void Clear()
    {
        (_compared, _changed, _sum, _absoluteSum, _largest) = (0, 0, 0, 0, 0);
        Array.Clear(_absolute);
    }

    /// <summary>Writes what was counted.</summary>
    public void Save(StateWriter writer)
    {
        writer.Begin(StateSection.Differences);
        writer.Write(_compared);
        writer.Write(_changed);
        writer.Write(_sum);
        writer.Write(_absoluteSum);
        writer.Write(_largest);
        writer.Write<long>(_absolute);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader)
    {
        reader.Expect(StateSection.Differences);
        _compared = reader.Read<long>();
        _changed = reader.Read<long>();
        _sum = reader.Read<long>();
        _absoluteSum = reader.Read<long>();
        _largest = reader.Read<long>();
        reader.Read<long>(_absolute);
    }

    /// <summary>What was counted, added up over all loops.</summary>
    public static PriceDifferenceReport Sum(IReadOnlyCollection<PriceDifferences> loops)
    {
        long compared = loops.Sum(loop => loop._compared);
        if (compared == 0)
        {
            return None;
        }

        return new PriceDifferenceReport(
            compared,
            (double)loops.Sum(loop => loop._changed) / compared,
            (double)loops.Sum(loop => loop._sum) / compared / Millionth,
            (double)loops.Sum(loop => loop._absoluteSum) / compared / Millionth,
            Quantile(loops, compared, 0.95),
            (double)loops.Max(loop => loop._largest) / Millionth);
    }

    private static double Quantile(IReadOnlyCollection<PriceDifferences> loops, long compared, double share)
    {
        long left = (long)Math.Ceiling(compared * share);
        int bucket = 0;
        while (bucket < Buckets - 1 && (left -= loops.Sum(loop => loop._absolute[bucket])) > 0)
        {
            bucket++;
        }

        return bucket == 0 ? 0 : (double)(1L << bucket) / Millionth;
    }
}
