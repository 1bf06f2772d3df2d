using PricingCore.Training.History;

namespace PricingCore.Training.Tests.History;

/// <summary>
/// Goal: each region is sampled once an interval, at minutes that go round the whole hour, the same ones each time; panels at bucket starts.
/// Method: ask minute by minute for some days.
/// </summary>
public sealed class SampleScheduleTests
{
    private const int Days = 20;
    private const long First = 29_000_160; // A whole multiple of 15 and of 60.

    [Fact]
    public void DueAt_WhenSpread_SamplesEachRegionOnceAnIntervalAndSeesEveryMinute()
    {
        List<(int Region, long Minute)> due = Play(new HistoryOptions());

        foreach (int region in new[] { 0, 1, 2 })
        {
            long[] minutes = [.. due.Where(sample => sample.Region == region).Select(sample => sample.Minute)];
            Assert.Equal(Days * 96, minutes.Length);
            Assert.Equal(Enumerable.Range(0, Days * 96), minutes.Select(minute => (int)((minute - First) / 15)));
            Assert.Equal(60, minutes.Select(minute => minute % 60).Distinct().Count());
        }

        Assert.Equal(due, Play(new HistoryOptions()));
    }

    [Fact]
    public void DueAt_WhenRegionsDiffer_SamplesThemAtDifferentMinutes()
    {
        List<(int Region, long Minute)> due = Play(new HistoryOptions());

        int together = due.GroupBy(sample => sample.Minute).Count(minute => minute.Count() == 3);

        Assert.InRange(together, 0, Days * 96 / 50); // By chance 1 in 225.
    }

    [Fact]
    public void DueAt_WhenNotSpread_SamplesAllAtTheBucketStarts()
    {
        List<(int Region, long Minute)> due = Play(new HistoryOptions { IsSpread = false, Every = TimeSpan.FromHours(1), Phase = TimeSpan.FromMinutes(30) });

        Assert.All(due, sample => Assert.Equal(30, sample.Minute % 60));
        Assert.Equal(Days * 24 * 3, due.Count);
    }

    [Fact]
    public void DueAt_WithTimes_SamplesAtThoseOnly()
    {
        DateTimeOffset[] times = [At(First + 7), At(First + 1_000)];

        List<(int Region, long Minute)> due = Play(new HistoryOptions { Times = times });

        Assert.Equal([First + 7, First + 1_000], due.Select(sample => sample.Minute).Distinct());
        Assert.Equal(6, due.Count);
    }

    private static DateTimeOffset At(long minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    private static List<(int Region, long Minute)> Play(HistoryOptions options)
    {
        Assert.Empty(options.Validate());
        var schedule = new SampleSchedule(options);
        foreach (string region in new[] { "a", "b", "c" })
        {
            schedule.Add(region);
        }

        var due = new List<(int, long)>();
        for (long minute = First; minute < First + (Days * 24 * 60); minute++)
        {
            due.AddRange(schedule.DueAt(minute).Select(region => (region, minute)));
        }

        return due;
    }
}
