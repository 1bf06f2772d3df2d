using PricingCore.Forecasts.Models;
using PricingCore.Numerics;

namespace PricingCore.Quality;

/// <summary>The rows of the last 24 hours of a shard, counted in the bins of a model's training rows.</summary>
/// <remarks>
/// One slot for each hour of the day, so that every hour weighs the same whatever the time: demand at night is not compared with that of whole days.
/// A reader sums while the loop counts; a row that is counted for half its features meanwhile changes nothing that matters.
/// </remarks>
/// <threadsafety><see cref="Add"/>: the shard's loop. <see cref="AddTo"/>: any thread.</threadsafety>
internal sealed class DriftHistogram
{
    /// <summary>Hours that are counted.</summary>
    public const int Hours = 24;

    private readonly long[] _counts;
    private readonly long[] _hours = new long[Hours];
    private long _firstHour;

    public DriftHistogram(TrainingBins bins)
    {
        Bins = bins;
        _counts = new long[checked(Hours * bins.BinCount)];
    }

    /// <summary>The bins.</summary>
    public TrainingBins Bins { get; }

    /// <summary>Counts a row.</summary>
    public void Add(ReadOnlySpan<float> row, long now)
    {
        long hour = UnixMicros.HourOf(now);
        int slot = (int)(hour % Hours);
        Span<long> counts = _counts.AsSpan(slot * Bins.BinCount, Bins.BinCount);
        if (_hours[slot] != hour)
        {
            counts.Clear();
            _hours[slot] = hour;
            _firstHour = _firstHour == 0 ? hour : _firstHour;
        }

        Bins.Add(row, counts);
    }

    /// <summary>Adds the rows of this hour so far and of the 23 before it.</summary>
    /// <returns>Whether that is a whole day.</returns>
    public bool AddTo(Span<long> total, long now)
    {
        long hour = UnixMicros.HourOf(now);
        for (int slot = 0; slot < Hours; slot++)
        {
            if (hour - _hours[slot] < Hours)
            {
                ReadOnlySpan<long> counts = _counts.AsSpan(slot * Bins.BinCount, Bins.BinCount);
                for (int bin = 0; bin < counts.Length; bin++)
                {
                    total[bin] += counts[bin];
                }
            }
        }

        return _firstHour != 0 && hour - _firstHour >= Hours;
    }
}
