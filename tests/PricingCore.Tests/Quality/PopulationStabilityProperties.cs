using FsCheck;
using FsCheck.Fluent;
using PricingCore.Forecasts.Models;
using PricingCore.Features;
using PricingCore.Numerics;
using PricingCore.Quality;

namespace PricingCore.Tests.Quality;

/// <summary>
/// Goal: drift is the population stability index of the last day's rows against the model's training rows.
/// Method: random samples, with missing values and ties; the index is computed again from the samples themselves, without bins that are kept.
/// Control: with the bin of an edge's own value on its other side the comparison fails; with the slots of old hours kept, the last test.
/// </summary>
public sealed class PopulationStabilityProperties
{
    private const long Start = 1_772_582_400_000_000; // 2026-03-04 00:00 UTC
    private static readonly FeatureSchema Two = new("two", [FeatureSchema.BuiltIn("hour_of_day"), FeatureSchema.BuiltIn("available_drivers")]);
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(100);

    [Fact]
    public void Index_OfTheSameShares_IsNothing_AndOfOthers_IsTheSameBothWays() => Check.One(Config, Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        long[] first = Counts(random);
        long[] second = Counts(random, first.Length);

        Assert.Equal(0, PopulationStability.Index(first, first));
        Assert.Equal(0, PopulationStability.Index(first, [.. first.Select(count => count * 7)]), 12);
        Assert.True(PopulationStability.Index(first, second) >= 0);
        Assert.Equal(PopulationStability.Index(first, second), PopulationStability.Index(second, first), 12);
    }));

    [Fact]
    public void Drift_IsTheIndexOfTheSamplesThemselves() => Check.One(Config, Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        float[] trained = Sample(random, random.Next(400, 900));
        float[] seen = Sample(random, random.Next(100, 900));
        TrainingBins bins = TrainingBins.Of("m/1.0.0", Golden(trained), Two)!;
        var histogram = new DriftHistogram(bins);
        foreach (float value in seen)
        {
            histogram.Add([0, value], Start + (random.Next(24) * UnixMicros.PerHour));
        }

        var counts = new long[bins.BinCount];
        histogram.AddTo(counts, Start + (23 * UnixMicros.PerHour));
        float[] whole = [.. trained.Where((_, row) => row % GoldenRows.HolesEvery != 0)];
        Assert.False(bins.IsMeasured(0));
        Assert.Equal(seen.Length, counts.Sum());
        Assert.Equal(BruteForce(whole, seen), PopulationStability.Index(bins.Of<long>(counts, 1), bins.CountsOf(1)), 9);
    }));

    [Fact]
    public void Histogram_ForgetsADayLater_AndSaysWhenItHasAWholeDay()
    {
        TrainingBins bins = TrainingBins.Of("m/1.0.0", Golden(Sample(new Random(1), 400)), Two)!;
        var histogram = new DriftHistogram(bins);
        var counts = new long[bins.BinCount];
        for (int hour = 0; hour < 60; hour++)
        {
            long now = Start + (hour * UnixMicros.PerHour);
            histogram.Add([0, hour], now);
            counts.AsSpan().Clear();

            Assert.Equal(hour >= 24, histogram.AddTo(counts, now));
            Assert.Equal(Math.Min(24, hour + 1), counts.Sum());
        }
    }

    [Fact]
    public void Bins_OfTooFewRows_AreNone() => Assert.Null(TrainingBins.Of("m/1.0.0", Golden(Sample(new Random(1), 100)), Two));

    private static long[] Counts(Random random, int bins = 0) =>
        [.. Enumerable.Range(0, bins == 0 ? random.Next(1, 12) : bins).Select(bin => bin == 0 ? random.Next(1, 900) : random.Next(3) == 0 ? 0L : random.Next(900))];

    private static float[] Sample(Random random, int count)
    {
        (int ties, double missing, double shift) = (random.Next(1, 40), random.NextDouble() / 4, random.NextDouble() * 10);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < missing ? float.NaN : (float)(Math.Floor(random.NextDouble() * ties) + shift))];
    }

    /// <summary>Rows of these values; rows that the trainer makes holes in are there too, and the row without anything.</summary>
    private static GoldenRows Golden(float[] values)
    {
        float[] rows = [.. values.SelectMany((value, row) => new[] { 12, row % GoldenRows.HolesEvery == 0 ? float.NaN : value }), float.NaN, float.NaN];
        return new GoldenRows(2, 1, rows, new float[(values.Length + 1) * 5]);
    }

    /// <summary>Deciles by sorting, shares by counting each bin's values from both samples.</summary>
    private static double BruteForce(float[] trained, float[] seen)
    {
        float[] sorted = [.. trained.Where(value => !float.IsNaN(value)).Order()];
        float[] deciles = [.. Enumerable.Range(1, 9).Select(part => sorted[Math.Max(0, (sorted.Length * part / 10) - 1)]).Distinct()];
        float[] from = [float.NegativeInfinity, .. deciles];
        float[] to = [.. deciles, float.PositiveInfinity];
        double index = Term(trained.Count(float.IsNaN), seen.Count(float.IsNaN));
        for (int bin = 0; bin < from.Length; bin++)
        {
            index += Term(trained.Count(value => value > from[bin] && value <= to[bin]), seen.Count(value => value > from[bin] && value <= to[bin]));
        }

        return index;

        double Term(int ofTrained, int ofSeen)
        {
            double p = Math.Max(0.0001, (double)ofTrained / trained.Length);
            double q = Math.Max(0.0001, (double)ofSeen / seen.Length);
            return (q - p) * Math.Log(q / p);
        }
    }
}
