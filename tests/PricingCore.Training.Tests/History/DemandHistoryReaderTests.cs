using PricingCore.Events;
using PricingCore.Training.History;

namespace PricingCore.Training.Tests.History;

/// <summary>
/// Goal: demand and baselines are what the definitions say, duplicates and late events included, and rows are those of the engine.
/// Method: random streams with known bookings, counted again by plain loops; and the same stream published to a live engine.
/// </summary>
public sealed class DemandHistoryReaderTests
{
    private const long WeekMinutes = 7 * 24 * 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_CountsDemandAndBaselinesAsByHand(int seed)
    {
        (List<ReceivedEvent> events, List<Booking> bookings) = RandomStream(seed, days: 17);
        var options = new HistoryOptions
        {
            Engine = Markets.Engine(),
            HorizonsMinutes = [15, 60, 600],
            Every = TimeSpan.FromMinutes(45),
            WarmUp = TimeSpan.FromDays(1),
        };

        DemandRows rows = await Markets.ReadAsync(events, options);

        Assert.True(rows.Count > 500, $"{rows.Count} rows");
        DateTimeOffset end = events[^1].ReceivedAt;
        for (int row = 0; row < rows.Count; row++)
        {
            DateTimeOffset time = rows.TimeOf(row);
            Booking[] region = [.. bookings.Where(booking => booking.Region == rows.RegionOf(row))];
            Booking[] known = [.. region.Where(booking => booking.Received < time)];
            DateTimeOffset since = region.Min(booking => booking.Received).Date;
            for (int h = 0; h < rows.HorizonsMinutes.Count; h++)
            {
                int horizon = rows.HorizonsMinutes[h];
                Assert.True(time.AddMinutes(horizon) <= end);
                Assert.Equal(Count(region, time, 0, horizon), rows.DemandOf(row, h));
                float persistence = Count(known, time, -horizon, horizon);
                long[] weeks = [.. new long[] { 1, 2, 3, 4 }.Where(week => time.AddMinutes(-week * WeekMinutes) >= since)];
                float lastWeek = weeks.Length == 0 ? persistence : Count(known, time, -WeekMinutes, horizon);
                float mean = weeks.Length == 0 ? persistence : (float)weeks.Average(week => Count(known, time, -week * WeekMinutes, horizon));
                Assert.Equal(persistence, rows.BaselineOf(row, h, DemandBaseline.Persistence));
                Assert.Equal(lastWeek, rows.BaselineOf(row, h, DemandBaseline.SameHourLastWeek));
                Assert.Equal(mean, rows.BaselineOf(row, h, DemandBaseline.MeanOfFourWeeks), 0.0001f);
            }
        }
    }

    [Fact]
    public async Task Read_LeavesOutRowsOfTheWarmUpAndOfOtherRegions()
    {
        HistoryOptions options = Markets.Panel() with
        {
            From = Markets.Start.AddDays(9).AddMinutes(1),
            Until = Markets.Start.AddDays(10),
            Regions = new HashSet<string> { "harbour" },
        };

        DemandRows rows = await Markets.ReadAsync(Markets.Seasonal(days: 10), options);

        Assert.Equal(23, rows.Count);
        Assert.All(Enumerable.Range(0, rows.Count), row => Assert.Equal("harbour", rows.RegionOf(row)));
        Assert.Equal((Markets.Start.AddDays(9).AddHours(1), Markets.Start.AddDays(10).AddHours(-1)), (rows.TimeOf(0), rows.TimeOf(22)));
    }

    [Fact]
    public async Task Read_WithMoreRowsThanAllowed_KeepsAnEvenShareAndTheSameEachTime()
    {
        HistoryOptions options = Markets.Panel() with { MaxRows = 1_000, Every = TimeSpan.FromMinutes(16), IsSpread = true };
        List<ReceivedEvent> events = [.. Markets.Seasonal(days: 28)];

        DemandRows all = await Markets.ReadAsync(events, options with { MaxRows = 100_000 });
        DemandRows some = await Markets.ReadAsync(events, options);
        DemandRows again = await Markets.ReadAsync(events, options);

        Assert.Equal((1.0, 1.0 / 8), (all.KeptShare, some.KeptShare));
        Assert.InRange(some.Count, all.Count / 8 * 0.8, all.Count / 8 * 1.2);
        Assert.Equal(some.Count, again.Count);
        Dictionary<(string, DateTimeOffset), int> whole = Enumerable.Range(0, all.Count).ToDictionary(row => (all.RegionOf(row), all.TimeOf(row)));
        Assert.All(Enumerable.Range(0, some.Count), row =>
        {
            int same = whole[(some.RegionOf(row), some.TimeOf(row))];
            Assert.Equal(all.FeaturesOf(same).ToArray(), some.FeaturesOf(row).ToArray());
            Assert.Equal(all.DemandOf(same, 0), some.DemandOf(row, 0));
            Assert.Equal(some.DemandOf(row, 0), again.DemandOf(row, 0));
        });
    }

    [Fact]
    public async Task Read_WhenEventsAreNotInOrder_SaysWhichOne()
    {
        ReceivedEvent[] events = [.. Markets.Seasonal(days: 2).Take(20)];
        (events[4], events[11]) = (events[11], events[4]);

        TrainingException refused = await Assert.ThrowsAsync<TrainingException>(() => Markets.ReadAsync(events, Markets.Panel()));

        Assert.Contains("Event 6 ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WithoutEvents_SaysSo() =>
        await Assert.ThrowsAsync<TrainingException>(() => Markets.ReadAsync([], Markets.Panel()));

    [Fact]
    public async Task Read_WhenOptionsAreWrong_ListsEveryError()
    {
        var options = new HistoryOptions
        {
            HorizonsMinutes = [60, 15],
            Every = TimeSpan.FromSeconds(90),
            WarmUp = TimeSpan.FromDays(61),
            MaxRows = 5,
            Engine = new PricingOptions { Shards = 2 },
        };

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => Markets.ReadAsync([], options));

        Assert.All(
            new[] { "HorizonsMinutes", "Every", "WarmUp", "MaxRows", "Shards" },
            name => Assert.Contains(name, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DataSha256_ChangesWithAnyPartOfAnEvent()
    {
        var e = new ReceivedEvent(MarketEvent.Booking("a", Markets.Start, "u"), Markets.Start);
        ReceivedEvent[] others =
        [
            e with { ReceivedAt = e.ReceivedAt.AddSeconds(1) },
            e with { Event = e.Event with { RegionId = "b" } },
            e with { Event = e.Event with { UserId = null } },
            e with { Event = e.Event with { UserId = "v" } },
            e with { Event = e.Event with { Kind = MarketEventKind.Search } },
            e with { Event = e.Event with { OccurredAt = e.Event.OccurredAt.AddSeconds(-1) } },
            e with { Event = e.Event with { IdempotencyKey = "k" } },
            e with { Event = e.Event with { ProductType = "xl" } },
            e with { Event = e.Event with { Values = new EventValues(1) } },
        ];
        HistoryOptions options = Markets.Panel();

        HashSet<string> digests = [(await Markets.ReadAsync([e], options)).DataSha256];
        foreach (ReceivedEvent other in others)
        {
            digests.Add((await Markets.ReadAsync([other], options)).DataSha256);
        }

        Assert.Equal(others.Length + 1, digests.Count);
        Assert.Contains((await Markets.ReadAsync([e], options)).DataSha256, digests);
    }

    private static int Count(Booking[] bookings, DateTimeOffset time, long fromMinutes, long minutes)
    {
        DateTimeOffset from = time.AddMinutes(fromMinutes);
        DateTimeOffset to = from.AddMinutes(minutes);
        return bookings.Count(booking => booking.Occurred >= from && booking.Occurred < to && (fromMinutes == 0 || booking.Occurred < time));
    }

    /// <summary>Bookings that come late, come twice with the same key, or come too late and are refused.</summary>
    private static (List<ReceivedEvent> Events, List<Booking> Bookings) RandomStream(int seed, int days)
    {
        var events = new List<ReceivedEvent>();
        var bookings = new List<Booking>();
        string[] regions = ["a", "b"];
        for (int i = 0; i < days * 200; i++)
        {
            // The first booking of each region comes at once, so that both are known from the first hour on.
            double minute = i < 2 ? 0 : Markets.Uniform(seed, 1, i) * days * 24 * 60;
            double late = i < 2 || Markets.Uniform(seed, 2, i) < 0.8 ? 0 : Markets.Uniform(seed, 3, i) * 18;
            string region = regions[i % 2];
            DateTimeOffset occurred = Markets.Start.AddSeconds(Math.Round(minute * 60));
            DateTimeOffset received = occurred.AddSeconds(Math.Round(late * 60));
            string? key = Markets.Uniform(seed, 4, i) < 0.3 ? $"key-{i}" : null;
            var e = new ReceivedEvent(MarketEvent.Booking(region, occurred) with { IdempotencyKey = key }, received);
            events.Add(e);
            if (late <= 15)
            {
                bookings.Add(new Booking(region, occurred, received));
                if (key is not null)
                {
                    // Within the ten minutes for which a key is remembered, and the fifteen for which an event is taken.
                    DateTimeOffset again = received.AddMinutes(9 * Markets.Uniform(seed, 5, i));
                    events.Add(e with { ReceivedAt = again <= occurred.AddMinutes(15) ? again : received });
                }
            }
        }

        return ([.. events.OrderBy(e => e.ReceivedAt)], bookings);
    }

    private sealed record Booking(string Region, DateTimeOffset Occurred, DateTimeOffset Received);
}
