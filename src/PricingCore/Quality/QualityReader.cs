using PricingCore.Forecasts.Models;
using PricingCore.Numerics;
using PricingCore.Regions;

namespace PricingCore.Quality;

/// <summary>Makes reports of what is on a board; only the reader pays for it.</summary>
/// <threadsafety>Any thread, several at a time.</threadsafety>
internal sealed class QualityReader(QualityBoard board, QualityOptions options, RegionDirectory regions)
{
    private const double LeastEvents = 100;
    private const double LeastChecks = 30;
    private const double LeastDemand = 10;
    private const int LeastRegionsForDrift = 10; // A region's rows of a day are much alike: few regions differ from many by chance.

    private readonly long _maxFreshness = UnixMicros.From(options.MaxFreshness);

    /// <summary>Makes a report.</summary>
    /// <param name="now">The time, in microseconds.</param>
    /// <param name="worst">The most regions to name.</param>
    public DataQualityReport Read(long now, int worst)
    {
        var all = new Sums();
        var queue = new PriorityQueue<RegionQuality, (double, int)>(worst + 1); // The best on top, to be taken out.
        int count = Math.Min(regions.Count, board.Capacity);
        for (int region = 0; region < count; region++)
        {
            ref RegionMeasures live = ref board.Of(region);
            if (Volatile.Read(ref live.Minute) != 0)
            {
                RegionMeasures measures = live;
                Add(region, measures, now, worst, ref all, queue);
            }
        }

        var scores = new QualityScores
        {
            Completeness = all.Regions == 0 || all.Complete == 0 ? null : Share(all.Completeness / all.Complete),
            Validity = ShareOf(all.Accepted, board.ReadFaults(), LeastEvents),
            Timeliness = all.Regions == 0 ? null : Share(all.Timeliness / all.Regions),
            Consistency = ShareOf(all.Held, all.Broken, LeastChecks),
            Accuracy = all.Demand < LeastDemand ? null : Share(1 - (all.Error / all.Demand)),
            Freshness = all.Regions == 0 ? null : AgeOf(all.Latest, now),
        };
        IReadOnlyList<FeatureDrift> drift = ReadDrift(now, out TrainingBins? bins);
        return new DataQualityReport
        {
            At = UnixMicros.ToTime(now),
            Regions = all.Regions,
            Scores = scores,
            Breaches = BreachesOf(scores, drift.Count == 0 || all.Regions < LeastRegionsForDrift ? null : drift[0].Index),
            FreshShare = all.Regions == 0 ? null : (double)all.Fresh / all.Regions,
            OldestFreshness = all.Regions == 0 ? null : AgeOf(all.Oldest, now),
            LateShare = all.Accepted < LeastEvents ? null : Share(board.Watches.Sum(watch => (double)watch.Late) / all.Accepted),
            RegionsBelow = all.Below,
            Worst = Drain(queue),
            DriftModel = bins?.ModelVersion,
            Drift = drift,
        };
    }

    private void Add(int region, in RegionMeasures m, long now, int worst, ref Sums all, PriorityQueue<RegionQuality, (double, int)> queue)
    {
        QualityScores scores = ScoresOf(m, now);
        QualityBreach[] breaches = BreachesOf(scores, drift: null);
        all.Add(m, scores, breaches.Length > 0, isFresh: scores.Freshness <= options.MaxFreshness);
        if (worst > 0)
        {
            queue.Enqueue(new RegionQuality(regions.IdOf(region), scores, breaches), (-(scores.Score ?? 1), -region));
            if (queue.Count > worst)
            {
                queue.Dequeue();
            }
        }
    }

    private QualityScores ScoresOf(in RegionMeasures m, long now)
    {
        TimeSpan age = AgeOf(m.LastEventAt, now);
        bool isAccuracyKnown = m.Comparisons >= QualityWatch.LeastComparisons && m.Demand >= LeastDemand;
        return new QualityScores
        {
            Completeness = float.IsNaN(m.Completeness) ? null : Share(m.Completeness),
            Validity = ShareOf(m.Accepted, m.Refused, LeastEvents),
            Timeliness = Math.Min(1, _maxFreshness / Math.Max(1.0, age.TotalMicroseconds)),
            Consistency = ShareOf(m.Held, m.Broken, LeastChecks),
            Accuracy = isAccuracyKnown ? Share(1 - ((double)m.Error / m.Demand)) : null,
            Freshness = age,
        };
    }

    private QualityBreach[] BreachesOf(QualityScores scores, double? drift)
    {
        List<QualityBreach>? found = null;
        AddIf(scores.Completeness < options.MinCompleteness, QualityMeasure.Completeness, scores.Completeness, options.MinCompleteness);
        AddIf(1 - scores.Validity > options.MaxErrorShare, QualityMeasure.Validity, 1 - scores.Validity, options.MaxErrorShare);
        AddIf(scores.Freshness > options.MaxFreshness, QualityMeasure.Freshness, scores.Freshness?.TotalSeconds, options.MaxFreshness.TotalSeconds);
        AddIf(1 - scores.Consistency > options.MaxErrorShare, QualityMeasure.Consistency, 1 - scores.Consistency, options.MaxErrorShare);
        AddIf(scores.Accuracy < options.MinAccuracy, QualityMeasure.Accuracy, scores.Accuracy, options.MinAccuracy);
        AddIf(drift > options.MaxDrift, QualityMeasure.Drift, drift, options.MaxDrift);
        return found?.ToArray() ?? [];

        void AddIf(bool isBreach, QualityMeasure measure, double? value, double threshold)
        {
            if (isBreach)
            {
                (found ??= []).Add(new QualityBreach(measure, value!.Value, threshold));
            }
        }
    }

    private IReadOnlyList<FeatureDrift> ReadDrift(long now, out TrainingBins? bins)
    {
        bins = board.TrainedOn;
        if (bins is null)
        {
            return [];
        }

        bool isWholeDay = false;
        var counts = new long[bins.BinCount];
        foreach (QualityWatch watch in board.Watches)
        {
            if (watch.Histogram is { } histogram && ReferenceEquals(histogram.Bins, bins))
            {
                isWholeDay |= histogram.AddTo(counts, now);
            }
        }

        var drift = new List<FeatureDrift>();
        for (int column = 0; column < bins.Columns && isWholeDay; column++)
        {
            ReadOnlySpan<long> seen = bins.Of<long>(counts, column);
            long rows = Sum(seen);
            if (bins.IsMeasured(column) && rows >= TrainingBins.LeastRows)
            {
                ReadOnlySpan<long> trained = bins.CountsOf(column);
                drift.Add(new FeatureDrift(
                    board.Schema.Features[column].Name, PopulationStability.Index(seen, trained), (double)seen[^1] / rows, (double)trained[^1] / Sum(trained)));
            }
        }

        return [.. drift.OrderByDescending(feature => feature.Index)];
    }

    private static RegionQuality[] Drain(PriorityQueue<RegionQuality, (double, int)> queue)
    {
        var worst = new RegionQuality[queue.Count];
        for (int i = worst.Length - 1; i >= 0; i--)
        {
            worst[i] = queue.Dequeue();
        }

        return worst;
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }

        return sum;
    }

    /// <summary>Event times may lie a little in the future.</summary>
    private static TimeSpan AgeOf(long time, long now) => TimeSpan.FromMicroseconds(Math.Max(0, now - time));

    private static double? ShareOf(double good, double bad, double least) => good + bad < least ? null : Share(good / (good + bad));

    private static double Share(double value) => Math.Clamp(value, 0, 1);

    private struct Sums
    {
        public int Regions;
        public int Fresh;
        public int Below;
        public int Complete;
        public double Completeness;
        public double Timeliness;
        public double Accepted;
        public double Held;
        public double Broken;
        public double Error;
        public double Demand;
        public long Latest;
        public long Oldest;

        public void Add(in RegionMeasures m, QualityScores scores, bool isBelow, bool isFresh)
        {
            Oldest = Regions == 0 ? m.LastEventAt : Math.Min(Oldest, m.LastEventAt);
            Latest = Math.Max(Latest, m.LastEventAt);
            Regions++;
            Fresh += isFresh ? 1 : 0;
            Below += isBelow ? 1 : 0;
            Complete += scores.Completeness is null ? 0 : 1;
            Completeness += scores.Completeness ?? 0;
            Timeliness += scores.Timeliness ?? 0;
            Accepted += m.Accepted;
            Held += m.Held;
            Broken += m.Broken;
            if (m.Comparisons >= QualityWatch.LeastComparisons)
            {
                Error += m.Error;
                Demand += m.Demand;
            }
        }
    }
}
